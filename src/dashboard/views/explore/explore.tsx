/** Explore: searching what is stored. The query, the time and the columns stand in the address. */
import { useEffect, useMemo } from "preact/hooks";
import { api, session } from "../../api/session.ts";
import { USUAL_COLUMNS } from "../../events/columns.ts";
import { EventList } from "../../events/event-list.tsx";
import { EventPages } from "../../events/event-pages.ts";
import { ListState } from "../../events/list-state.ts";
import { messages } from "../../i18n/messages.ts";
import { FailureNotice } from "../../parts/notice.tsx";
import { address } from "../../state/address.ts";
import { boundsOf } from "../../state/time-range.ts";

export function Explore() {
  const client = api.value;
  return client === undefined ? null : (
    <Results key={session.value?.organizationId} client={client} />
  );
}

function Results({ client }: { readonly client: NonNullable<typeof api.value> }) {
  const pages = useMemo(() => new EventPages(client), [client]);
  const state = useMemo(() => new ListState(), []);
  const { q, range, columns } = address.value;
  const organizationId = session.value?.organizationId ?? "";
  useEffect(() => {
    pages.start({ organizationId, q, ...boundsOf(range, Date.now()) });
    return () => pages.stop();
  }, [pages, organizationId, q, range]);
  const t = messages.value;
  return (
    <main class="explore">
      {pages.failure.value !== undefined && (
        <FailureNotice failure={pages.failure.value} onRetry={pages.retry} />
      )}
      <EventList
        count={pages.events.value.length}
        at={pages.at}
        indexOf={pages.indexOf}
        columns={columns ?? USUAL_COLUMNS}
        state={state}
        actions={{ filter: () => {}, showAround: () => {} }}
        hasMore={pages.hasMore.value}
        onNearEnd={pages.loadMore}
      >
        <p class="list-end">{pages.hasMore.value ? t.list.loadingMore : t.list.end}</p>
      </EventList>
    </main>
  );
}
