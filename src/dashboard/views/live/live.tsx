/** Live: events as they are stored. The query stands in the address, as in Explore; the time is now. */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import { parseQuery } from "../../../query/parse.ts";
import type { Api } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { ColumnPicker } from "../../events/column-picker.tsx";
import { USUAL_COLUMNS } from "../../events/columns.ts";
import { EventCounts } from "../../events/event-counts.ts";
import { EventList } from "../../events/event-list.tsx";
import { FacetPanel } from "../../events/facet-panel.tsx";
import { LogFailure } from "../../events/log-failure.tsx";
import { SearchToolbar } from "../../events/search-toolbar.tsx";
import { messages } from "../../i18n/messages.ts";
import { rangeText } from "../../i18n/range-text.ts";
import { zoneName } from "../../i18n/time-format.ts";
import { Icon } from "../../parts/icon.tsx";
import { Notice } from "../../parts/notice.tsx";
import { useShortcut } from "../../parts/shortcut.ts";
import { address } from "../../state/address.ts";
import { searchedBounds } from "../../state/time-range.ts";
import { LiveBanners } from "./live-banners.tsx";
import { LiveModel } from "./live-model.ts";
import { LiveStatus } from "./live-status.tsx";

/** Counting reads more than following does, and nobody watches the facets move. */
const COUNT_EVERY_MS = 15_000;

export function Live() {
  const client = api.value;
  return client === undefined ? null : <LiveOf client={client} />;
}

function LiveOf({ client }: { readonly client: Api }) {
  const organizationId = session.value?.organizationId ?? "";
  const { q } = address.value;
  const isQuery = parseQuery(q).ok;
  const isJudgedWrong = useSignal(false);
  const isValid = isQuery && !isJudgedWrong.value;
  const model = useMemo(
    () => new LiveModel({ api: client, organizationId, q }),
    [client, organizationId, q],
  );
  useEffect(() => {
    if (isQuery) {
      model.start();
    }
    return () => model.stop();
  }, [model, isQuery]);
  useShortcut("p", model.togglePause);
  const counts = useLiveCounts(client, model);
  // Facets are drawn again when the events from before are here, which name their actors.
  const loaded = useCallback(() => (model.isHistoryHere.value ? model.newest() : []), [model]);
  const facets = (
    <FacetPanel counts={counts} events={loaded} isInvalid={!isValid}>
      <p class="faint facet-note">{rangeText(address.value.range)}</p>
    </FacetPanel>
  );
  const t = messages.value;
  return (
    <main class="search-view">
      <h1 class="only-read-aloud">{t.views.live}</h1>
      <SearchToolbar client={client} events={loaded} isJudgedWrong={isJudgedWrong} facets={facets}>
        <PauseButton model={model} />
      </SearchToolbar>
      <aside class="side">{facets}</aside>
      <div class="results">
        <LiveBanners model={model} />
        <div class="list-bar live-bar">
          {isValid && <LiveStatus model={model} />}
          <span class="space" />
          <ColumnPicker events={loaded} />
        </div>
        <div id="events" class="list-room" tabIndex={-1}>
          {isValid ? (
            <LiveList key={`${organizationId} ${q}`} model={model} />
          ) : (
            <Notice icon="warning" title={t.nothing.invalid} text={t.nothing.invalidText} />
          )}
        </div>
      </div>
    </main>
  );
}

/** What the facets count: the period of the address, as in Explore, now and again while events arrive. */
function useLiveCounts(client: Api, { organizationId, q, version }: LiveModel): EventCounts {
  const counts = useMemo(() => new EventCounts(client), [client]);
  const { range, zone } = address.value;
  useEffect(() => {
    let counted: number | undefined;
    function count(): void {
      const { value: arrived } = version;
      if (arrived !== counted && !document.hidden && parseQuery(q).ok) {
        counted = arrived;
        const bounds = searchedBounds(range, Date.now());
        void counts.count({ organizationId, q, ...bounds }, zoneName(zone));
      }
    }
    count();
    const counting = setInterval(count, COUNT_EVERY_MS);
    return () => {
      clearInterval(counting);
      counts.stop();
    };
  }, [counts, organizationId, q, range, zone, version]);
  return counts;
}

function PauseButton({ model }: { readonly model: LiveModel }) {
  const t = messages.value.live;
  const isFollowing = model.isFollowing.value;
  return (
    <button type="button" class="button" onClick={model.togglePause}>
      <Icon name={isFollowing ? "pause" : "play"} />
      {isFollowing ? t.pause : t.resume}
    </button>
  );
}

function LiveList({ model }: { readonly model: LiveModel }) {
  const t = messages.value.live;
  const state = model.state.value;
  const count = model.count.value;
  if (state.kind === "refused") {
    return <LogFailure failure={state.failure} onRetry={() => location.reload()} />;
  }
  if (count === 0) {
    const isWaiting = model.isHistoryHere.value;
    return (
      <Notice icon="empty" title={isWaiting ? t.waiting : t.opening}>
        {undefined}
      </Notice>
    );
  }
  return (
    <>
      <EventList
        count={count}
        version={model.version.value}
        at={model.at}
        indexOf={model.indexOf}
        columns={address.value.columns ?? USUAL_COLUMNS}
        state={model.list}
        hasMore={false}
        isFollowing={model.isFollowing.value}
        onScroll={(isAtTop) => {
          model.isAtTop.value = isAtTop;
        }}
      />
      {model.heldBack.value > 0 && (
        <button type="button" class="button primary new-pill" onClick={model.follow}>
          {t.newEvents(model.heldBack.value)}
        </button>
      )}
    </>
  );
}
