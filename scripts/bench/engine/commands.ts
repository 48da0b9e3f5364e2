/** What the object in which layouts are compared can be told, and what it answers. */
import type { EventFilter } from "../../../src/contract/event-query.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import type { Found, LayoutName } from "./layout.ts";

export const CORPORA = ["documents", "github"] as const;
export type CorpusName = (typeof CORPORA)[number];

export type Command =
  | {
      readonly do: "open";
      readonly layout: LayoutName;
      readonly corpus: CorpusName;
      readonly meanGapMs: number;
      readonly templates: readonly Json[];
    }
  | { readonly do: "prepare"; readonly count: number; readonly isSampled: boolean }
  | { readonly do: "append"; readonly batch: number }
  | { readonly do: "questions" }
  | { readonly do: "search" | "stats"; readonly filter: EventFilter }
  | { readonly do: "purge"; readonly fraction: number; readonly events: number }
  /** Answered after a release or a minute: an object that has a request under way is not evicted. */
  | { readonly do: "hold" | "release" }
  | { readonly do: "wake"; readonly layout: LayoutName };

export interface Appended {
  readonly events: number;
  readonly ms: number;
  readonly rowsWritten: number;
  readonly bytes: number;
}

/** What was found or, as hits, counted. */
export interface Answered extends Found {
  readonly ms: number;
}

export interface Purged {
  readonly ms: number;
  readonly steps: number;
  readonly slowestStepMs: number;
  readonly rowsWritten: number;
}
