/** Reaches into the SQLite files of a server: what they hold, and, when it is stopped, to move that in time. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { encodeBlock } from "../../src/log/block-codec.ts";
import { decodeBlock } from "../../src/log/block-lines.ts";
import { parseLine } from "../../src/log/line.ts";
import type { Server } from "./server.ts";

const OBJECTS = "objects/rekishi-TenantLog";
const DAY_MS = 86_400_000;

/** Makes a log older, as if its events had been ingested so many days earlier. */
export function ageLog(server: Server, organizationId: string, days: number): void {
  const ms = BigInt(days * DAY_MS);
  withDatabase(logFile(server, organizationId), (log) => {
    for (const { first_seq: seq, lines } of log
      .prepare("SELECT first_seq, lines FROM tail")
      .all()) {
      const aged = String(lines)
        .split("\n")
        .map((line) => ageLine(line, days))
        .join("\n");
      log
        .prepare("UPDATE tail SET ingested_at = ingested_at - ?, lines = ? WHERE first_seq = ?")
        .run(ms, aged, seq ?? null);
    }
    for (const table of ["block", "segment"]) {
      log
        .prepare(
          `UPDATE ${table} SET first_ingested_at = first_ingested_at - ?,
             last_ingested_at = last_ingested_at - ?`,
        )
        .run(ms, ms);
    }
    for (const { id, data } of log.prepare("SELECT id, data FROM block_part").all()) {
      const aged = ageBlock(data as Uint8Array, days);
      log.prepare("UPDATE block_part SET data = ? WHERE id = ?").run(aged, id ?? null);
    }
  });
}

/** How many blocks a log has; the server may run. */
export function countBlocks(server: Server, organizationId: string): number {
  const database = new DatabaseSync(logFile(server, organizationId), { readOnly: true });
  try {
    return Number(database.prepare("SELECT count(*) AS blocks FROM block").get()?.["blocks"]);
  } finally {
    database.close();
  }
}

function ageBlock(data: Uint8Array, days: number): Uint8Array {
  const lines = decodeBlock(data).map((line) => ageLine(line, days));
  return encodeBlock(lines, lines.map(parseLine));
}

function ageLine(line: string, days: number): string {
  const { ingested_at: ingestedAt } = parseLine(line);
  const aged = new Date(Date.parse(ingestedAt) - days * DAY_MS).toISOString();
  return line.replace(`"ingested_at":"${ingestedAt}"`, `"ingested_at":"${aged}"`);
}

/** Makes the tickets of an organization's live tail as old as they must be to have expired just now. */
export function expireTickets(server: Server, organizationId: string): void {
  withDatabase(logFile(server, organizationId), (log) => {
    log.prepare("UPDATE tail_ticket SET expires_at = ?").run(BigInt(Date.now()));
  });
}

/**
 * Makes the jobs of a log due at a time, and the alarm that wakes it for them. workerd keeps the alarm twice, in
 * nanoseconds: with the object, and for all objects together, which is what it reads when it starts.
 */
export function setDueAt(server: Server, organizationId: string, dueAt: number): void {
  const alarmAt = BigInt(dueAt) * 1_000_000n;
  withDatabase(logFile(server, organizationId), (log) => {
    log.prepare("UPDATE job SET due_at = ?").run(BigInt(dueAt));
    log.prepare("UPDATE _cf_METADATA SET value = ? WHERE key = 1").run(alarmAt);
  });
  withDatabase(alarmsFile(server), (alarms) => {
    alarms
      .prepare("UPDATE _cf_ALARM SET scheduled_time = ? WHERE actor_name = ?")
      .run(alarmAt, organizationId);
  });
}

/** The file of an organization's log, which is found by its alarm. */
export function logFile(server: Server, organizationId: string): string {
  const actor = withDatabase(alarmsFile(server), (alarms) =>
    alarms.prepare("SELECT actor_id FROM _cf_ALARM WHERE actor_name = ?").get(organizationId),
  );
  if (actor === undefined) {
    throw new Error(`The log of ${organizationId} has no alarm.`);
  }
  return join(server.dataFolder, OBJECTS, `${String(actor["actor_id"])}.sqlite`);
}

function alarmsFile(server: Server): string {
  return join(server.dataFolder, OBJECTS, "metadata.sqlite");
}

function withDatabase<T>(path: string, body: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    return body(database);
  } finally {
    database.close();
  }
}
