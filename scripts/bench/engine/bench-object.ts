/**
 * The object in which layouts are measured. It is told what to do by commands, one a request, and measures inside
 * itself; what costs CPU and is not to be measured (making events) has commands of its own, so that the caller can read
 * the CPU of the process between them.
 */
import type { AuditEvent } from "../../../src/contract/event.ts";
import { canonicalJson } from "../../../src/kernel/canonical-json.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { fingerprintOf } from "../../../src/log/idempotency.ts";
import { Corpus } from "../corpus.ts";
import type { Answered, Appended, Command, Purged } from "./commands.ts";
import { CountingSql, type ObjectStorage } from "./counting-sql.ts";
import { GithubCorpus } from "./github-corpus.ts";
import type { Found, Layout, LayoutName, PreparedEvent } from "./layout.ts";
import { LogLayout } from "./log-layout.ts";
import { type Questions, Sample } from "./questions.ts";
import { RowsLayout } from "./rows-layout.ts";

const START_AT = Date.UTC(2026, 0, 1);
const SEED = 7;
const PAGE = 50;
const HOLD_STEP_MS = 200;
const HOLD_MS = 60_000;

export class BenchObject {
  readonly #storage: ObjectStorage;
  readonly #sql: CountingSql;
  #layout: Layout | undefined;
  #corpus: { next(): unknown } | undefined;
  #prepared: PreparedEvent[] = [];
  readonly #sample = new Sample();
  #meanGapMs = 0;
  #isHeld = false;

  constructor(state: { readonly storage: ObjectStorage }) {
    this.#storage = state.storage;
    this.#sql = new CountingSql(state.storage);
  }

  async fetch(request: Request): Promise<Response> {
    return Response.json((await this.#run((await request.json()) as Command)) ?? null);
  }

  #run(command: Command): unknown {
    switch (command.do) {
      case "open":
        return this.#open(command);
      case "prepare":
        return this.#prepare(command.count, command.isSampled);
      case "append":
        return this.#append(command.batch);
      case "questions":
        return this.#sample.questions() satisfies Questions;
      case "search":
        return answer(() => this.#opened.search(command.filter, PAGE));
      case "stats":
        return answer(() => {
          const hits = this.#opened.stats(command.filter);
          return { hits, requests: 1, isCut: false };
        });
      case "purge":
        return this.#purge(command);
      case "hold":
        return this.#hold();
      case "release":
        this.#isHeld = false;
        return null;
      case "wake":
        return this.#wake(command.layout);
    }
  }

  get #opened(): Layout {
    if (this.#layout === undefined) {
      throw new Error("The object was not opened.");
    }
    return this.#layout;
  }

  async #hold(): Promise<void> {
    this.#isHeld = true;
    // By the clock: in a busy object each step takes much longer, and whoever asked gives up after five minutes.
    for (const endsAt = Date.now() + HOLD_MS; this.#isHeld && Date.now() < endsAt;) {
      await new Promise((resolve) => setTimeout(resolve, HOLD_STEP_MS));
    }
  }

  #open({ layout, corpus, meanGapMs, templates }: Extract<Command, { do: "open" }>): void {
    this.#layout = layoutOf(layout, this.#sql);
    this.#meanGapMs = meanGapMs;
    const options = { seed: SEED, startAt: START_AT, meanGapMs };
    this.#corpus = corpus === "github" ? new GithubCorpus(templates, options) : new Corpus(options);
  }

  /** The first request to an object that was evicted. @returns its time in milliseconds. */
  #wake(layout: LayoutName): number {
    const startedAt = performance.now();
    this.#layout = layoutOf(layout, this.#sql);
    this.#layout.search({}, PAGE);
    return performance.now() - startedAt;
  }

  #prepare(count: number, isSampled: boolean): void {
    this.#prepared = Array.from({ length: count }, () => {
      const event = this.#corpus?.next() as AuditEvent;
      const text = canonicalJson(event as unknown as Json);
      return { event, text, fingerprint: fingerprintOf(text, undefined) };
    });
    if (isSampled) {
      this.#prepared.forEach((event) => this.#sample.add(event));
    }
  }

  async #append(batch: number): Promise<Appended> {
    const events = this.#prepared;
    const rowsBefore = this.#sql.rowsWritten;
    const startedAt = performance.now();
    for (let start = 0; start < events.length; start += batch) {
      const some = events.slice(start, start + batch);
      this.#opened.append(some, Date.parse(some.at(-1)?.event.occurred_at ?? ""));
      await this.#storage.sync();
    }
    const ms = performance.now() - startedAt;
    this.#prepared = [];
    return {
      events: events.length,
      ms,
      rowsWritten: this.#sql.rowsWritten - rowsBefore,
      bytes: this.#storage.sql.databaseSize,
    };
  }

  async #purge({ fraction, events }: { readonly fraction: number; readonly events: number }) {
    const span = events * this.#meanGapMs;
    const [before, now] = [Math.round(START_AT + span * fraction), START_AT + span];
    const rowsBefore = this.#sql.rowsWritten;
    const steps: number[] = [];
    for (let isDone = false; !isDone;) {
      const startedAt = performance.now();
      isDone = this.#opened.purgeStep(before, now);
      steps.push(performance.now() - startedAt);
      await this.#storage.sync();
    }
    return {
      ms: steps.reduce((sum, ms) => sum + ms, 0),
      steps: steps.length,
      slowestStepMs: Math.max(...steps),
      rowsWritten: this.#sql.rowsWritten - rowsBefore,
    } satisfies Purged;
  }
}

function layoutOf(layout: LayoutName, sql: CountingSql): Layout {
  return layout === "engine" ? new LogLayout(sql) : new RowsLayout(sql, layout === "rows+fts");
}

function answer(ask: () => Found): Answered {
  const startedAt = performance.now();
  const answered = ask();
  return { ms: performance.now() - startedAt, ...answered };
}
