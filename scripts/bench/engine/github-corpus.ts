/**
 * A second corpus, of another origin: the audit events that the demo makes of GitHub's webhook payloads, over and over.
 *
 * Every round gives the ids in them, which are long runs of digits or of hexadecimal digits, other digits: each id the
 * same ones throughout a round. A log that held the same few ids again and again would compress better than any real one.
 */
import type { Json } from "../../../src/kernel/strict-json.ts";
import { Random } from "../random.ts";

const IDS = /\b(?:\d{6,}|[\da-f]{12,})\b/g;
const NUMBER_MAX = 2 ** 53;

export class GithubCorpus {
  readonly #templates: readonly Json[];
  readonly #random: Random;
  readonly #meanGapMs: number;
  #now: number;
  #next = 0;
  #ids = new Map<string, string>();

  /** @param templates events without times, as the demo makes them. */
  constructor(
    templates: readonly Json[],
    { seed, startAt, meanGapMs }: { seed: number; startAt: number; meanGapMs: number },
  ) {
    this.#templates = templates;
    this.#random = new Random(seed);
    this.#now = startAt;
    this.#meanGapMs = meanGapMs;
  }

  next(): unknown {
    if (this.#next % this.#templates.length === 0) {
      this.#ids = new Map();
    }
    const template = this.#templates[this.#next++ % this.#templates.length];
    this.#now += this.#random.below(2 * this.#meanGapMs + 1);
    const occurredAt = new Date(this.#now).toISOString();
    return { ...(this.#varied(template ?? null) as object), occurred_at: occurredAt };
  }

  #varied(value: Json): Json {
    if (typeof value === "number") {
      return value < 100_000 || value >= NUMBER_MAX ? value : Number(this.#variedText(`${value}`));
    }
    if (typeof value === "string") {
      return this.#variedText(value);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.#varied(item));
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#varied(item)]))
      : value;
  }

  #variedText(text: string): string {
    return text.replace(IDS, (id) => {
      let other = this.#ids.get(id);
      if (other === undefined) {
        other = /^\d+$/.test(id) ? this.#digits(id.length) : this.#random.hex(id.length);
        this.#ids.set(id, other);
      }
      return other;
    });
  }

  /** Without a zero in front, because it may be a number. */
  #digits(count: number): string {
    let text = String(1 + this.#random.below(9));
    while (text.length < count) {
      text += this.#random.below(10);
    }
    return text;
  }
}
