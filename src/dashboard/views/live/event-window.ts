/**
 * The events that Live holds, in the order of the log, newest shown first. Bounded: the oldest make room for new ones.
 * Every event is in it once, wherever it came from.
 */
import type { EventResource } from "../../../contract/event.ts";

/** How many the list holds. */
export const WINDOW_EVENTS_MAX = 100_000;
/** Removed at once, so that the array is not moved for every new event. */
const STEP = 5_000;

export class EventWindow {
  #events: EventResource[] = [];
  /** Counts up for every event that came at the end, and never back; the place of an event minus this is its index. */
  #base = 0;
  #places = new Map<string, number>();

  get size(): number {
    return this.#events.length;
  }

  get newest(): readonly EventResource[] {
    return this.#events.slice(-300).reverse();
  }

  /** @param index counted from the newest. */
  at(index: number): EventResource | undefined {
    return this.#events[this.#events.length - 1 - index];
  }

  /** Counted from the newest; -1 for an event that is not here. */
  indexOf(id: string): number {
    const place = this.#places.get(id);
    return place === undefined ? -1 : this.#events.length - 1 - (place - this.#base);
  }

  /** Events that follow all that are here. */
  append(events: readonly EventResource[]): void {
    for (const event of events) {
      if (!this.#places.has(event.id)) {
        this.#places.set(event.id, this.#base + this.#events.length);
        this.#events.push(event);
      }
    }
    if (this.#events.length > WINDOW_EVENTS_MAX) {
      const removed = this.#events.splice(0, this.#events.length - WINDOW_EVENTS_MAX + STEP);
      removed.forEach(({ id }) => this.#places.delete(id));
      this.#base += removed.length;
    }
  }

  /** Events that belong before or between those that are here. */
  merge(events: readonly EventResource[]): void {
    const fresh = events.filter(({ id }) => !this.#places.has(id));
    const merged = [...fresh, ...this.#events].sort((a, b) => a.seq - b.seq);
    this.#events = merged.slice(-WINDOW_EVENTS_MAX);
    this.#base = 0;
    this.#places = new Map(this.#events.map(({ id }, index) => [id, index]));
  }
}
