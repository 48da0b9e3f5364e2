/** What Explore shows: the events that match, their counts, and the event that a link points to. */
import { computed, signal } from "@preact/signals";
import type { EventResource } from "../../../contract/event.ts";
import { parseQuery } from "../../../query/parse.ts";
import type { Api } from "../../api/client.ts";
import { type EventSelection, readEvent } from "../../api/events.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { EventCounts } from "../../events/event-counts.ts";
import { EventPages } from "../../events/event-pages.ts";
import { ListState } from "../../events/list-state.ts";

export class ExploreModel {
  readonly #api: Api;
  readonly pages: EventPages;
  readonly counts: EventCounts;
  readonly list = new ListState();
  /** The event that the address names; a failure where there is none. */
  readonly linked = signal<EventResource | ApiFailure | undefined>(undefined);
  readonly #isNoQuery = signal(false);
  /** The query bar shows a mistake: what was found before is not the result of what stands there. */
  readonly isJudgedWrong = signal(false);
  /** What was asked is no query, so there is nothing to show. */
  readonly isInvalid = computed(() => this.#isNoQuery.value || this.isJudgedWrong.value);
  /** Nothing can be shown of the log: it is not there, or does not answer. */
  readonly isRefused = computed(
    () => this.pages.failure.value !== undefined && this.pages.events.value.length === 0,
  );
  /** When the last search began, which is what a relative time is relative to. */
  readonly searchedAt = signal(Date.now());
  #linking = new AbortController();

  constructor(api: Api) {
    this.#api = api;
    this.pages = new EventPages(api);
    this.counts = new EventCounts(api);
  }

  /** Searches and counts anew, unless the text is no query: then the query bar says so. */
  search(selection: EventSelection, timeZone: string): void {
    this.searchedAt.value = Date.now();
    this.#isNoQuery.value = !parseQuery(selection.q).ok;
    if (!this.#isNoQuery.value) {
      this.pages.start(selection);
      void this.counts.count(selection, timeZone);
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
    this.counts.stop();
    this.#linking.abort();
  }
}
