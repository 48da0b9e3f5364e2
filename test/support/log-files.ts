/** Logs in files and in memory, filled with events, for tests of what reads them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readEvent } from "../../src/contract/event.ts";
import type { Json } from "../../src/kernel/strict-json.ts";
import { FINGERPRINT_BYTES, fingerprintOf } from "../../src/log/idempotency.ts";
import type { AppendRequest, Log } from "../../src/log/log.ts";
import { OffloadReader } from "../../src/log/offload/offload-reader.ts";
import type { Sql } from "../../src/sql/sql.ts";
import type { EventInput } from "./events.ts";

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rekishi-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The canonical text of a valid event. */
export function textOf(event: EventInput): string {
  const text = readEvent(event as unknown as Json, "event");
  if (!text.ok) {
    throw new Error(text.failure.message);
  }
  return text.value;
}

/** What a router would send for these events. */
export function appendRequest(
  events: readonly EventInput[],
  keys: readonly (string | undefined)[] = [],
): AppendRequest {
  const texts = events.map(textOf);
  const fingerprints = new Uint8Array(events.length * FINGERPRINT_BYTES);
  texts.forEach((text, index) =>
    fingerprints.set(fingerprintOf(text, keys[index]), index * FINGERPRINT_BYTES),
  );
  return { events: texts, fingerprints };
}

export function sealAll(log: Log, now: number): void {
  while (log.sealable > 0) {
    log.sealStep(now);
  }
}

/** Seals what is in the tail although it does not fill a block. */
export function sealTail(log: Log, now: number): void {
  while (log.unsealedSince !== undefined) {
    log.sealTailStep(now);
  }
}

/** Reads a log of which nothing is in a blob store. */
export function localReader(sql: Sql): OffloadReader {
  return new OffloadReader({ sql, store: undefined, clock: () => 0, report: () => {} });
}
