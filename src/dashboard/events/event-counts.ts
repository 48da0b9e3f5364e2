/** How many events match, when they happened, and their most frequent values: what facets and histogram show. */
import { batch, signal } from "@preact/signals";
import type { StatsAnswer } from "../../contract/stats.ts";
import type { Api } from "../api/client.ts";
import { countEvents, type EventSelection } from "../api/events.ts";
import type { ApiFailure } from "../api/failure.ts";
import { conditionsOn, withoutConditions } from "../query-bar/query-edit.ts";
import { FACETS, type FacetName, facetField } from "./facet-names.ts";

const FACET_VALUES = 10;

export type Facets = Readonly<Record<string, readonly FacetValue[]>>;

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export class EventCounts {
  readonly #api: Api;
  readonly stats = signal<StatsAnswer | undefined>(undefined);
  readonly facets = signal<Facets>({});
  readonly failure = signal<ApiFailure | undefined>(undefined);
  readonly isCounting = signal(false);
  #counting = new AbortController();

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Counts what matches. A field that the query restricts is counted once more without that restriction, so that what
   * else one could choose stays in sight.
   */
  async count(selection: EventSelection, timeZone: string): Promise<void> {
    this.#counting.abort();
    const counting = new AbortController();
    this.#counting = counting;
    this.isCounting.value = true;
    const options = { facetLimit: FACET_VALUES, timeZone, signal: counting.signal };
    const restricted = FACETS.filter((name) => isRestricted(selection.q, name));
    const [stats, ...others] = await Promise.all([
      countEvents(this.#api, selection, { ...options, facets: FACETS }),
      ...restricted.map((name) => {
        const q = withoutConditions(selection.q, facetField(name));
        return countEvents(this.#api, { ...selection, q }, { ...options, facets: [name] });
      }),
    ]);
    if (counting.signal.aborted) {
      return;
    }
    batch(() => {
      this.isCounting.value = false;
      if (!stats.ok) {
        this.failure.value = stats.failure;
        this.stats.value = undefined;
        this.facets.value = {};
        return;
      }
      this.failure.value = undefined;
      this.stats.value = stats.value;
      const whole = others.map((other) => (other.ok ? other.value.facets : {}));
      this.facets.value = Object.assign({ ...stats.value.facets }, ...whole) as Facets;
    });
  }

  stop(): void {
    this.#counting.abort();
  }
}

function isRestricted(q: string, name: FacetName): boolean {
  const { only, without } = conditionsOn(q, facetField(name));
  return only.size + without.size > 0;
}
