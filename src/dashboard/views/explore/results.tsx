/** What a search found: how much, the list, and in words why there is no list. */
import type { Api } from "../../api/client.ts";
import { searchEvents } from "../../api/events.ts";
import { may, session } from "../../api/session.ts";
import { ColumnPicker } from "../../events/column-picker.tsx";
import { USUAL_COLUMNS } from "../../events/columns.ts";
import { EventList } from "../../events/event-list.tsx";
import { LogFailure } from "../../events/log-failure.tsx";
import { messages } from "../../i18n/messages.ts";
import { timeFormat } from "../../i18n/time-format.ts";
import { FirstEvent } from "../../parts/first-event.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { Notice } from "../../parts/notice.tsx";
import { address, navigate } from "../../state/address.ts";
import type { ExploreModel } from "./explore-model.ts";
import { SavedViewsMenu } from "./saved-views-menu.tsx";

export interface ResultsProps {
  readonly model: ExploreModel;
  readonly onRetry: () => void;
}

export function Results({ model, onRetry }: ResultsProps) {
  const { pages } = model;
  const isLoading =
    !model.isInvalid.value && (pages.status.value === "loading" || model.counts.isCounting.value);
  return (
    <>
      <div class="list-bar">
        <p role="status">{model.isInvalid.value ? "" : countText(model)}</p>
        <span class="space" />
        {may("exports:write") && (
          <button
            type="button"
            class="button quiet small"
            onClick={() => navigate({ view: "exports", eventId: undefined })}
          >
            <Icon name="download" />
            {messages.value.list.export}
          </button>
        )}
        <SavedViewsMenu />
        <ColumnPicker events={() => pages.events.value} />
      </div>
      <div class={isLoading ? "progress" : "progress-room"} />
      <div id="events" class="list-room" tabIndex={-1}>
        <ResultList model={model} onRetry={onRetry} />
      </div>
    </>
  );
}

function ResultList({ model, onRetry }: ResultsProps) {
  const { pages } = model;
  const { length } = pages.events.value;
  const t = messages.value.nothing;
  if (model.isInvalid.value) {
    return <Notice icon="warning" title={t.invalid} text={t.invalidText} />;
  }
  const failure = pages.failure.value;
  if (length === 0 && failure !== undefined) {
    return <LogFailure failure={failure} onRetry={onRetry} />;
  }
  if (length === 0 && !pages.hasMore.value && pages.status.value === "ready") {
    return <NothingFound />;
  }
  return (
    <EventList
      count={length}
      at={pages.at}
      indexOf={pages.indexOf}
      columns={address.value.columns ?? USUAL_COLUMNS}
      state={model.list}
      hasMore={pages.hasMore.value}
      onNearEnd={pages.loadMore}
    >
      <ListEnd model={model} />
    </EventList>
  );
}

function ListEnd({ model }: { readonly model: ExploreModel }) {
  const t = messages.value;
  const { pages } = model;
  if (pages.status.value === "failed") {
    return (
      <p class="list-end" role="alert">
        {t.list.moreFailed}{" "}
        <button type="button" class="button small" onClick={pages.retry}>
          {t.retry}
        </button>
      </p>
    );
  }
  if (!pages.hasMore.value) {
    return <p class="list-end">{t.list.end}</p>;
  }
  const searchedTo = pages.searchedTo.value;
  return (
    <p class="list-end">
      {pages.events.value.length === 0 && searchedTo !== undefined
        ? t.list.searchedBack(timeFormat.value.bound(searchedTo))
        : t.list.loading}
    </p>
  );
}

/** Of the whole log, to tell an empty one from one in which this search finds nothing. */
function readNewest(client: Api, signal: AbortSignal) {
  const organizationId = session.value?.organizationId ?? "";
  return searchEvents(client, { organizationId, q: "" }, { limit: 1, signal });
}

function NothingFound() {
  const t = messages.value.nothing;
  const { q, range } = address.value;
  const isEverything = range.kind === "last" && range.span === "all";
  const { loaded } = useLoaded(readNewest);
  if (loaded.kind === "loading") {
    return null;
  }
  if (loaded.kind === "ready" && loaded.value.data.length === 0) {
    return (
      <Notice icon="empty" title={t.noEvents} text={t.noEventsText}>
        <FirstEvent organizationId={session.value?.organizationId || "org_acme"} />
      </Notice>
    );
  }
  return (
    <Notice icon="search" title={t.title} text={q === "" ? t.inPeriod : t.matches}>
      {q !== "" && (
        <button type="button" class="button" onClick={() => navigate({ q: "" })}>
          {t.clearQuery}
        </button>
      )}
      {!isEverything && (
        <button
          type="button"
          class="button"
          onClick={() => navigate({ range: { kind: "last", span: "all" } })}
        >
          {t.allTime}
        </button>
      )}
    </Notice>
  );
}

function countText(model: ExploreModel): string {
  const t = messages.value.list;
  const stats = model.counts.stats.value;
  return stats === undefined ? "" : t.count(stats.total);
}
