/** What Explore shows: the events that match, their statistics, and the event that a link points to. */
import { batch, signal } from "@preact/signals";
import type { EventResource } from "../../../contract/event.ts";
import type { StatsAnswer } from "../../../contract/stats.ts";
import { parseQuery } from "../../../query/parse.ts";
import type { Api } from "../../api/client.ts";
import { countEvents, type EventSelection, readEvent } from "../../api/events.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { EventPages } from "../../events/event-pages.ts";
import { FACETS, type FacetName, facetField } from "../../events/facet-names.ts";
import { ListState } from "../../events/list-state.ts";
import { conditionsOn, withoutConditions } from "../../query-bar/query-edit.ts";

const FACET_VALUES = 10;

export type Facets = Readonly<Record<string, readonly FacetValue[]>>;

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export class ExploreModel {
  readonly #api: Api;
  readonly pages: EventPages;
  readonly list = new ListState();
  readonly stats = signal<StatsAnswer | undefined>(undefined);
  readonly facets = signal<Facets>({});
  readonly statsFailure = signal<ApiFailure | undefined>(undefined);
  readonly isCounting = signal(false);
  /** The event that the address names; a failure where there is none. */
  readonly linked = signal<EventResource | ApiFailure | undefined>(undefined);
  /** What was asked is no query, so there is nothing to show. */
  readonly isInvalid = signal(false);
  /** When the last search began, which is what a relative time is relative to. */
  readonly searchedAt = signal(Date.now());
  #counting = new AbortController();
  #linking = new AbortController();

  constructor(api: Api) {
    this.#api = api;
    this.pages = new EventPages(api);
  }

  /** Searches and counts anew, unless the text is no query: then the query bar says so. */
  search(selection: EventSelection, timeZone: string): void {
    this.searchedAt.value = Date.now();
    this.isInvalid.value = !parseQuery(selection.q).ok;
    if (!this.isInvalid.value) {
      this.pages.start(selection);
      void this.#count(selection, timeZone);
    }
  }

  async showLinked(organizationId: string, id: string | undefined): Promise<void> {
    this.#linking.abort();
    this.linked.value = undefined;
    if (id === undefined) {
      return;
    }
    const linking = new AbortController();
    this.#linking = linking;
    const event = await readEvent(this.#api, organizationId, id, linking.signal);
    if (!linking.signal.aborted) {
      this.linked.value = event.ok ? event.value : event.failure;
    }
  }

  stop(): void {
    this.pages.stop();
    this.#counting.abort();
    this.#linking.abort();
  }

  /**
   * Counts what matches. A field that the query restricts is counted once more without that restriction, so that what
   * else one could choose stays in sight.
   */
  async #count(selection: EventSelection, timeZone: string): Promise<void> {
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
        this.statsFailure.value = stats.failure;
        this.stats.value = undefined;
        this.facets.value = {};
        return;
      }
      this.statsFailure.value = undefined;
      this.stats.value = stats.value;
      const whole = others.map((other) => (other.ok ? other.value.facets : {}));
      this.facets.value = Object.assign({ ...stats.value.facets }, ...whole) as Facets;
    });
  }
}

function isRestricted(q: string, name: FacetName): boolean {
  const { only, without } = conditionsOn(q, facetField(name));
  return only.size + without.size > 0;
}
