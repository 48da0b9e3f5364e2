/**
 * Explore: searching what is stored. Query, time, columns and the linked event stand in the address; this view asks
 * the model for what they name, and shows it.
 */
import { useCallback, useEffect, useMemo } from "preact/hooks";
import type { Api } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { actionsOf } from "../../events/result-actions.ts";
import { messages } from "../../i18n/messages.ts";
import { zoneName } from "../../i18n/time-format.ts";
import { toggleCondition } from "../../query-bar/query-edit.ts";
import { address, navigate } from "../../state/address.ts";
import { boundsOf } from "../../state/time-range.ts";
import { bucketsOf } from "./buckets.ts";
import { ExploreModel } from "./explore-model.ts";
import { ExploreToolbar } from "./explore-toolbar.tsx";
import { FacetPanel } from "./facet-panel.tsx";
import { Histogram } from "./histogram.tsx";
import { LinkedEvent } from "./linked-event.tsx";
import { Results } from "./results.tsx";

export function Explore() {
  const client = api.value;
  return client === undefined ? null : <ExploreOf client={client} />;
}

function ExploreOf({ client }: { readonly client: Api }) {
  const model = useMemo(() => new ExploreModel(client), [client]);
  const { q, range, eventId, zone } = address.value;
  const organizationId = session.value?.organizationId ?? "";
  const search = useCallback(() => {
    const bounds = boundsOf(range, Date.now());
    model.search({ organizationId, q, ...bounds }, zoneName(zone));
  }, [model, organizationId, q, range, zone]);
  useEffect(search, [search]);
  useEffect(() => {
    void model.showLinked(organizationId, eventId);
  }, [model, organizationId, eventId]);
  useEffect(() => () => model.stop(), [model]);

  const actions = useMemo(() => actionsOf(), []);
  const facets = (
    <FacetPanel
      model={model}
      q={q}
      onToggle={(field, value, mode) => navigate({ q: toggleCondition(q, field, value, mode) })}
    />
  );
  return (
    <main class="explore">
      <h1 class="only-read-aloud">{messages.value.views.explore}</h1>
      <ExploreToolbar client={client} model={model} onRefresh={search} facets={facets} />
      <aside class="side">{facets}</aside>
      <div class="results">
        <LinkedEvent linked={model.linked.value} actions={actions} />
        {!model.isInvalid.value && <ExploreHistogram model={model} />}
        <Results model={model} actions={actions} onRetry={search} />
      </div>
    </main>
  );
}

function ExploreHistogram({ model }: { readonly model: ExploreModel }) {
  const stats = model.stats.value;
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
