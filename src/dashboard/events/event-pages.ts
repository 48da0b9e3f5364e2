/** Events that match a selection, newest first, loaded page by page as they are looked at. */
import { batch, signal } from "@preact/signals";
import type { EventResource } from "../../contract/event.ts";
import type { Api } from "../api/client.ts";
import { type EventSelection, searchEvents } from "../api/events.ts";
import type { ApiFailure } from "../api/failure.ts";

/** The first page is what one sees at once; the others are for who scrolls far. */
const FIRST_PAGE = 100;
const NEXT_PAGE = 1_000;

export class EventPages {
  readonly #api: Api;
  readonly events = signal<readonly EventResource[]>([]);
  readonly status = signal<"loading" | "ready" | "failed">("loading");
  readonly failure = signal<ApiFailure | undefined>(undefined);
  readonly hasMore = signal(true);
  /** Up to where the log was searched, when nothing was found so far; in milliseconds since the epoch. */
  readonly searchedTo = signal<number | undefined>(undefined);
  #selection: EventSelection | undefined;
  #places = new Map<string, number>();
  #after: string | undefined;
  #loading = new AbortController();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Begins with another selection. What was shown stays until its first page is here. */
  start(selection: EventSelection): void {
    this.#loading.abort();
    this.#selection = selection;
    this.#after = undefined;
    this.searchedTo.value = undefined;
    this.status.value = "ready";
    void this.#load(true);
  }

  /** Loads the next page, if there is one and none is on its way. */
  readonly loadMore = (): void => {
    if (this.status.value === "ready" && this.hasMore.value) {
      void this.#load(false);
    }
  };

  readonly retry = (): void => {
    void this.#load(this.#after === undefined);
  };

  /** The place of a loaded event in the list, or -1. */
  readonly indexOf = (id: string): number => this.#places.get(id) ?? -1;
  readonly at = (index: number): EventResource | undefined => this.events.value[index];

  stop(): void {
    this.#loading.abort();
  }

  async #load(isFirst: boolean): Promise<void> {
    if (this.#selection === undefined) {
      return;
    }
    const loading = new AbortController();
    this.#loading = loading;
    this.status.value = "loading";
    const page = await searchEvents(this.#api, this.#selection, {
      limit: isFirst ? FIRST_PAGE : NEXT_PAGE,
      after: this.#after,
      signal: loading.signal,
    });
    if (loading.signal.aborted) {
      return;
    }
    batch(() => {
      if (page.ok) {
        this.#add(page.value.data, isFirst);
        this.#goOn(page.value.list_metadata.after);
      } else {
        this.status.value = "failed";
        this.failure.value = page.failure;
        this.#clear(isFirst);
      }
    });
  }

  #goOn(after: string | null): void {
    this.#after = after ?? undefined;
    this.hasMore.value = after !== null;
    this.failure.value = undefined;
    this.status.value = "ready";
    const [occurredAt = ""] = /^-?\d+/.exec(after ?? "") ?? [];
    this.searchedTo.value = occurredAt === "" ? undefined : Number(occurredAt);
  }

  #clear(isWanted: boolean): void {
    if (isWanted) {
      this.#places = new Map();
      this.events.value = [];
    }
  }

  /** A page may name an event that is here already, when events were stored in between. */
  #add(found: readonly EventResource[], isFirst: boolean): void {
    if (isFirst) {
      this.#places = new Map();
    }
    const events = isFirst ? [] : [...this.events.value];
    for (const event of found) {
      if (!this.#places.has(event.id)) {
        this.#places.set(event.id, events.length);
        events.push(event);
      }
    }
    this.events.value = events;
  }
}
