/** What the benchmark asks: chosen from a sample of the events, by rules that know nothing of how they were made. */
import type { EventFilter } from "../../../src/contract/event-query.ts";
import { DAY_MS } from "../../../src/kernel/clock.ts";
import { words } from "../../../src/query/words.ts";
import type { PreparedEvent } from "./layout.ts";

export interface Question {
  readonly name: string;
  /** Of the same kind; each is asked several times. */
  readonly filters: readonly EventFilter[];
}

export interface Questions {
  readonly searches: readonly Question[];
  readonly stats: readonly Question[];
}

const FILTERS = 12;

export class Sample {
  readonly #actions = new Map<string, number>();
  readonly #actors = new Map<string, number>();
  readonly #words = new Map<string, number>();
  #firstTime = Infinity;
  #lastTime = 0;

  add({ event }: PreparedEvent): void {
    count(this.#actions, event.action);
    count(this.#actors, event.actor.id);
    const texts = [event.action, event.actor.name, ...event.targets.map(({ name }) => name)];
    for (const word of new Set(texts.flatMap((text) => words(text ?? "")))) {
      count(this.#words, word);
    }
    const time = Date.parse(event.occurred_at);
    this.#firstTime = Math.min(this.#firstTime, time);
    this.#lastTime = Math.max(this.#lastTime, time);
  }

  questions(): Questions {
    const actions = byFrequency(this.#actions);
    const actors = byFrequency(this.#actors);
    const found = byFrequency(this.#words).filter((word) => word.length > 1);
    const rareActors = actors.slice(-FILTERS);
    const middle = (this.#firstTime + this.#lastTime) / 2;
    const span = Math.min(30 * DAY_MS, (this.#lastTime - this.#firstTime) / 4);
    const month = {
      range_start: Math.round(middle - span / 2),
      range_end: Math.round(middle + span / 2),
    };
    const [first = "", second = ""] = actions;
    const [firstWord = "", secondWord = ""] = [first, second].map((action) => words(action).at(-1));
    const searches: Question[] = [
      { name: "newest page", filters: [{}] },
      {
        name: "one action",
        filters: actions.slice(0, FILTERS).map((action) => ({ actions: [action] })),
      },
      {
        name: "frequent actor",
        filters: actors.slice(0, FILTERS).map((id) => ({ actor_ids: [id] })),
      },
      { name: "rare actor", filters: rareActors.map((id) => ({ actor_ids: [id] })) },
      { name: "rare word", filters: found.slice(-FILTERS).map((q) => ({ q })) },
      {
        name: "action and actor",
        filters: actors.slice(0, FILTERS).map((id, index) => ({
          actions: [actions[index % actions.length] ?? first],
          actor_ids: [id],
        })),
      },
      {
        name: "rare action and rare actor",
        filters: rareActors.map((id) => ({ actions: [actions.at(-1) ?? first], actor_ids: [id] })),
      },
      { name: "matches nothing", filters: [{ actor_ids: ["nobody"] }] },
      {
        name: "two frequent actions, never together",
        filters: [{ q: `action:${first} action:${second}` }],
      },
      {
        name: "two frequent words, never together",
        filters: [{ q: `${firstWord} ${secondWord}` }],
      },
      { name: "a month in the middle", filters: [month] },
      { name: "a month in the middle, one action", filters: [{ ...month, actions: [first] }] },
    ];
    const stats: Question[] = [
      { name: "stats over all", filters: [{}] },
      {
        name: "stats of one action",
        filters: actions.slice(0, 3).map((action) => ({ actions: [action] })),
      },
      {
        name: "stats of one actor",
        filters: actors.slice(0, 3).map((id) => ({ actor_ids: [id] })),
      },
      { name: "stats over a month", filters: [month] },
    ];
    return { searches, stats };
  }
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** The most frequent first; what is equally frequent in the order of the text, so that every layout is asked the same. */
function byFrequency(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
}
