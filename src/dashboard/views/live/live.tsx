/** Live: events as they are stored. The query stands in the address, as in Explore; the time is now. */
import { useEffect, useMemo } from "preact/hooks";
import { parseQuery } from "../../../query/parse.ts";
import type { Api } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { ColumnPicker } from "../../events/column-picker.tsx";
import { USUAL_COLUMNS } from "../../events/columns.ts";
import { EventList } from "../../events/event-list.tsx";
import { actionsOf } from "../../events/result-actions.ts";
import { valueSource } from "../../events/value-source.ts";
import { messages } from "../../i18n/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { FailureNotice, Notice } from "../../parts/notice.tsx";
import { useShortcut } from "../../parts/shortcut.ts";
import { QueryBar } from "../../query-bar/query-bar.tsx";
import { address, navigate } from "../../state/address.ts";
import { LiveBanners } from "./live-banners.tsx";
import { LiveModel } from "./live-model.ts";
import { LiveStatus } from "./live-status.tsx";

export function Live() {
  const client = api.value;
  const { q } = address.value;
  const organizationId = session.value?.organizationId ?? "";
  return client === undefined ? null : (
    <LiveOf key={`${organizationId} ${q}`} client={client} organizationId={organizationId} q={q} />
  );
}

interface LiveOfProps {
  readonly client: Api;
  readonly organizationId: string;
  readonly q: string;
}

function LiveOf({ client, organizationId, q }: LiveOfProps) {
  const isValid = parseQuery(q).ok;
  const model = useMemo(
    () => new LiveModel({ api: client, organizationId, q }),
    [client, organizationId, q],
  );
  useEffect(() => {
    if (isValid) {
      model.start();
    }
    return () => model.stop();
  }, [model, isValid]);
  useShortcut("p", model.togglePause);
  const source = useMemo(
    () =>
      valueSource({
        api: client,
        events: model.newest,
        selection: () => ({ organizationId, q: "" }),
      }),
    [client, model, organizationId],
  );
  const t = messages.value;
  return (
    <main class="live">
      <h1 class="only-read-aloud">{t.views.live}</h1>
      <div class="toolbar">
        <QueryBar q={q} source={source} onSubmit={(next) => navigate({ q: next })} />
        <div class="toolbar-buttons">
          <PauseButton model={model} />
        </div>
      </div>
      <LiveBanners model={model} />
      <div class="list-bar">
        {isValid && <LiveStatus model={model} />}
        <span class="space" />
        <ColumnPicker events={model.newest} />
      </div>
      <div id="events" class="list-room" tabIndex={-1}>
        {isValid ? (
          <LiveList model={model} />
        ) : (
          <Notice icon="warning" title={t.nothing.invalid} text={t.nothing.invalidText} />
        )}
      </div>
    </main>
  );
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
  const actions = useMemo(() => actionsOf(), []);
  if (state.kind === "refused") {
    return <FailureNotice failure={state.failure} onRetry={() => location.reload()} />;
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
        actions={actions}
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
