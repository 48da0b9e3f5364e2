/** What can go wrong with a request to the server, as the views show it. */
import type { FieldError } from "../../kernel/failure.ts";

export interface ApiFailure {
  /**
   * `offline`: no answer came. `timeout`: none in time. `refused`: the server said no. `cancelled`: nobody waits for
   * the answer any more, so it is never shown.
   */
  readonly kind: "offline" | "timeout" | "refused" | "cancelled";
  /** The code of the server's failure, or the kind. */
  readonly code: string;
  /** The server's sentence; empty when it said nothing. */
  readonly message: string;
  readonly status?: number;
  readonly errors?: readonly FieldError[];
  readonly requestId?: string;
}
