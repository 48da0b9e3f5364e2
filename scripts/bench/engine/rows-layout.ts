/**
 * The usual design: a row for each event, with an index for each usual filter, and a full-text index on request.
 *
 * It is given what makes it fast: columns that were parsed before, no check of idempotency, steps of deleting that suit
 * it, the engine's words in the smallest kind of full-text index, and no facet by target type.
 */
import type { EventFilter } from "../../../src/contract/event-query.ts";
import { buildLine } from "../../../src/log/line.ts";
import { eachTerm } from "../../../src/query/words.ts";
import { firstRow, type Sql, type SqlValue } from "../../../src/sql/sql.ts";
import type { Found, Layout, PreparedEvent } from "./layout.ts";

const TABLES = [
  `CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY, occurred_at INTEGER NOT NULL, ingested_at INTEGER NOT NULL, action TEXT NOT NULL,
    actor_id TEXT NOT NULL, actor_type TEXT NOT NULL, line TEXT NOT NULL
  ) STRICT`,
  "CREATE INDEX IF NOT EXISTS event_action ON event (action)",
  "CREATE INDEX IF NOT EXISTS event_occurred_at ON event (occurred_at)",
  "CREATE INDEX IF NOT EXISTS event_actor_id ON event (actor_id)",
  "CREATE INDEX IF NOT EXISTS event_actor_type_action ON event (actor_type, action)",
];
const WORDS = `CREATE VIRTUAL TABLE IF NOT EXISTS word USING fts5(
  words, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '.-'"
)`;
const PURGE_ROWS = 2_000;
const DAY_MS = 86_400_000;

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export class RowsLayout implements Layout {
  readonly #sql: Sql;
  readonly #hasWords: boolean;
  #seq: number;

  constructor(sql: Sql, hasWords: boolean) {
    this.#sql = sql;
    this.#hasWords = hasWords;
    for (const statement of hasWords ? [...TABLES, WORDS] : TABLES) {
      sql.run(statement);
    }
    this.#seq = firstRow<{ seq: number }>(sql, "SELECT max(seq) AS seq FROM event")?.seq ?? 0;
  }

  append(events: readonly PreparedEvent[], now: number): void {
    this.#sql.transaction(() => {
      for (const { event, text } of events) {
        const seq = ++this.#seq;
        const facts = { organizationId: "org_bench", seq, ingestedAt: now, random: seq };
        this.#sql.run(
          "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)",
          seq,
          Date.parse(event.occurred_at),
          now,
          event.action,
          event.actor.id,
          event.actor.type,
          buildLine(text, facts).text,
        );
        if (this.#hasWords) {
          this.#sql.run("INSERT INTO word (rowid, words) VALUES (?, ?)", seq, wordsOf(event));
        }
      }
    });
  }

  search(filter: EventFilter, limit: number): Found {
    const { where, values } = this.#whereOf(filter);
    const lines = this.#sql.rows(
      `SELECT line FROM event ${where} ORDER BY occurred_at DESC, seq DESC LIMIT ${limit}`,
      ...values,
    );
    return { hits: Array.from(lines).length, requests: 1, isCut: false };
  }

  stats(filter: EventFilter): number {
    const { where, values } = this.#whereOf(filter);
    const group = (by: string, limit: number) =>
      Array.from(
        this.#sql.rows<{ events: number }>(
          `SELECT ${by} AS value, count(*) AS events FROM event ${where} GROUP BY 1 ORDER BY 2 DESC LIMIT ${limit}`,
          ...values,
        ),
      );
    group("action", 20);
    group("actor_id", 20);
    group("actor_type", 20);
    const days = group(`occurred_at / ${DAY_MS}`, 10_000);
    return days.reduce((sum, { events }) => sum + events, 0);
  }

  purgeStep(before: number): boolean {
    return this.#sql.transaction(() => {
      const first = firstRow<{ seq: number | null }>(
        this.#sql,
        "SELECT min(seq) AS seq FROM event",
      )?.seq;
      const last = firstRow<{ seq: number | null }>(
        this.#sql,
        `SELECT max(seq) AS seq FROM (SELECT seq, ingested_at FROM event ORDER BY seq LIMIT ${PURGE_ROWS})
         WHERE ingested_at < ?`,
        before,
      )?.seq;
      if (first == null || last == null) {
        return true;
      }
      this.#sql.run("DELETE FROM event WHERE seq <= ?", last);
      for (let seq = first; this.#hasWords && seq <= last; seq++) {
        this.#sql.run("DELETE FROM word WHERE rowid = ?", seq);
      }
      return false;
    });
  }

  #whereOf(filter: EventFilter): { readonly where: string; readonly values: readonly SqlValue[] } {
    const conditions = [
      oneOf("action", filter.actions),
      oneOf("actor_id", filter.actor_ids),
      compared("occurred_at >= ?", filter.range_start),
      compared("occurred_at < ?", filter.range_end),
      ...(filter.q?.split(" ") ?? []).map((text) => this.#termCondition(text)),
    ].filter((condition) => condition !== undefined);
    return {
      where:
        conditions.length === 0 ? "" : `WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}`,
      values: conditions.flatMap(({ values }) => values),
    };
  }

  /** A word, or `action:value`: all that the benchmark asks. */
  #termCondition(text: string): Condition {
    if (text.startsWith("action:")) {
      return { sql: "action = ?", values: [text.slice("action:".length)] };
    }
    return this.#hasWords
      ? { sql: "seq IN (SELECT rowid FROM word WHERE word MATCH ?)", values: [`"${text}"`] }
      : { sql: "instr(lower(line), ?) > 0", values: [text] };
  }
}

function oneOf(column: string, choices: readonly string[] | undefined): Condition | undefined {
  return choices && { sql: `${column} IN (${choices.map(() => "?").join()})`, values: choices };
}

function compared(sql: string, value: number | undefined): Condition | undefined {
  return value === undefined ? undefined : { sql, values: [value] };
}

/** The words that the engine indexes, each once. */
function wordsOf(event: PreparedEvent["event"]): string {
  const words = new Set<string>();
  const add = (text: string | undefined) => eachTerm(text ?? "", (word) => words.add(word));
  add(event.action);
  for (const party of [event.actor, ...event.targets]) {
    [party.id, party.type, party.name].forEach(add);
    Object.values(party.metadata ?? {}).forEach((value) => add(String(value)));
  }
  add(event.context.location);
  add(event.context.user_agent);
  Object.values(event.metadata ?? {}).forEach((value) => add(String(value)));
  return [...words].join(" ");
}
