/**
 * The life of an export as a function of what happened: pending, then ready or error, then expired, then forgotten.
 *
 * What fails is tried again with growing pauses while anything is gained by it. An export that gives up says why, in
 * words for the person who asked for it.
 */
import type { BlobFailure } from "../blob/blob-failure.ts";
import { DAY_MS } from "../kernel/clock.ts";
import type { ExportFiles } from "./file.ts";

export type Outcome =
  | {
      readonly state: "ready";
      readonly files: ExportFiles;
      readonly events: number;
      readonly at: number;
      readonly expiresAt: number;
    }
  | { readonly state: "error"; readonly reason: Reason; readonly at: number }
  | {
      readonly state: "expired";
      readonly files: ExportFiles;
      readonly events: number;
      readonly at: number;
      readonly expiresAt: number;
    }
  /** Nobody wants it any more; it goes as soon as its files are gone. */
  | { readonly state: "removed"; readonly at: number };

export interface Reason {
  readonly code:
    | "blob_store_failed"
    | "blob_store_misconfigured"
    | "blob_store_corrupt"
    | "internal";
  readonly message: string;
}

/** What a failing export has been through since it last got on. */
export interface Trouble {
  readonly attempts: number;
  /** How often it was begun anew. */
  readonly restarts: number;
}

export type Reaction =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "restart"; readonly delayMs: number }
  | { readonly kind: "give up"; readonly reason: Reason };

/** With the pauses of `retryDelayMs` this is an hour without the least progress. */
const ATTEMPTS_MAX = 18;
/** Attempts to read back what was sent before it counts as lost. */
const CORRUPT_ATTEMPTS_MAX = 4;
const RESTARTS_MAX = 2;
const DELAY_MS_MAX = 5 * 60_000;
/** How long an export that has no file any more can still be looked up. */
const KEPT_MS = 30 * DAY_MS;

/** After a failure of the blob store. */
export function reactionTo(failure: BlobFailure, { attempts, restarts }: Trouble): Reaction {
  const delayMs = retryDelayMs(attempts);
  switch (failure.code) {
    case "blob_unavailable":
      return attempts < ATTEMPTS_MAX
        ? { kind: "retry", delayMs }
        : giveUp(
            "blob_store_failed",
            "The blob store has not answered for an hour. When it does, create the export again.",
          );
    case "blob_misconfigured":
      return giveUp(
        "blob_store_misconfigured",
        "The blob store refuses what it is asked. Its settings or credentials must be mended; the server's log says what is wrong.",
      );
    default: {
      // Parts or the file are not what was stored: some stores need a moment, others have lost them.
      if (failure.code === "blob_corrupt" && attempts < CORRUPT_ATTEMPTS_MAX) {
        return { kind: "retry", delayMs };
      }
      return restarts < RESTARTS_MAX
        ? { kind: "restart", delayMs }
        : giveUp(
            "blob_store_corrupt",
            "The blob store loses or alters what it is given. When it is mended, create the export again.",
          );
    }
  }
}

/** After something that should not happen, or while the log's object cannot be reached. */
export function reactionToBug({ attempts }: Trouble): Reaction {
  return attempts < ATTEMPTS_MAX
    ? { kind: "retry", delayMs: retryDelayMs(attempts) }
    : giveUp(
        "internal",
        "The export failed again and again. The server's log says why, under this export's id.",
      );
}

/** When an export that is over has to be looked at again. */
export function nextDueAt(outcome: Outcome): number {
  switch (outcome.state) {
    case "ready":
      return outcome.expiresAt;
    case "removed":
      return outcome.at;
    default:
      return outcome.at + KEPT_MS;
  }
}

/** 1 s, 2 s, 4 s … 5 minutes. */
function retryDelayMs(attempts: number): number {
  return Math.min(2 ** attempts * 1_000, DELAY_MS_MAX);
}

function giveUp(code: Reason["code"], message: string): Reaction {
  return { kind: "give up", reason: { code, message } };
}
