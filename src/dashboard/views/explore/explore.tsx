/**
 * Explore: searching what is stored. Query, time, columns and the linked event stand in the address; this view asks
 * the model for what they name, and shows it.
 */
import { useCallback, useEffect, useMemo } from "preact/hooks";
import type { Api } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { FacetPanel } from "../../events/facet-panel.tsx";
import { SearchToolbar } from "../../events/search-toolbar.tsx";
import { messages } from "../../i18n/messages.ts";
import { zoneName } from "../../i18n/time-format.ts";
import { Icon } from "../../parts/icon.tsx";
import { address, navigate } from "../../state/address.ts";
import { boundsOf, searchedBounds } from "../../state/time-range.ts";
import { bucketsOf } from "./buckets.ts";
import { ExploreModel } from "./explore-model.ts";
import { Histogram } from "./histogram.tsx";
import { LinkedEvent } from "./linked-event.tsx";
import { Results } from "./results.tsx";
import { TimePicker } from "./time-picker.tsx";

export function Explore() {
  const client = api.value;
  return client === undefined ? null : <ExploreOf client={client} />;
}

function ExploreOf({ client }: { readonly client: Api }) {
  const model = useMemo(() => new ExploreModel(client), [client]);
  const { q, range, eventId, zone } = address.value;
  const organizationId = session.value?.organizationId ?? "";
  const search = useCallback(() => {
    const bounds = searchedBounds(range, Date.now());
    model.search({ organizationId, q, ...bounds }, zoneName(zone));
  }, [model, organizationId, q, range, zone]);
  useEffect(search, [search]);
  useEffect(() => {
    void model.showLinked(organizationId, eventId);
  }, [model, organizationId, eventId]);
  useEffect(() => () => model.stop(), [model]);

  const loaded = useCallback(() => model.pages.events.value, [model]);
  const isInvalid = model.isInvalid.value;
  const facets = <FacetPanel counts={model.counts} events={loaded} isInvalid={isInvalid} />;
  const t = messages.value;
  return (
    <main class="search-view">
      <h1 class="only-read-aloud">{t.views.explore}</h1>
      <SearchToolbar
        client={client}
        events={loaded}
        onRefresh={search}
        isJudgedWrong={model.isJudgedWrong}
        facets={facets}
      >
        <TimePicker />
        <button
          type="button"
          class="icon-button"
          aria-label={t.refresh}
          title={t.refresh}
          onClick={search}
        >
          <Icon name="refresh" />
        </button>
      </SearchToolbar>
      <aside class="side">{facets}</aside>
      <div class="results">
        <LinkedEvent linked={model.linked.value} />
        {!isInvalid && !model.isRefused.value && <ExploreHistogram model={model} />}
        <Results model={model} onRetry={search} />
      </div>
    </main>
  );
}

function ExploreHistogram({ model }: { readonly model: ExploreModel }) {
  const stats = model.counts.stats.value;
  const searchedAt = model.searchedAt.value;
  const { range } = address.value;
  const buckets = useMemo(
    () => (stats === undefined ? [] : bucketsOf(stats, boundsOf(range, searchedAt), searchedAt)),
    [stats, range, searchedAt],
  );
  return (
    <Histogram
      buckets={buckets}
      onBrush={(from, to) => navigate({ range: { kind: "between", from, to } })}
    />
  );
}
