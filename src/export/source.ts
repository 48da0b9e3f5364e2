/** The port through which an export reads a log: what `log/encoded.ts` gives, wherever the log is. */
import type { EventFilter } from "../contract/event-query.ts";
import type { Extent } from "../log/blocks.ts";
import type { EncodedRequest, EncodedRun } from "../log/encoded.ts";

export interface LogSource {
  /** What is sealed, in order of seq. */
  extents(request: EncodedRequest): Promise<readonly Extent[]>;
  run(request: EncodedRequest, filter: EventFilter): Promise<EncodedRun>;
}
