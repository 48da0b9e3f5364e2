/** Builders of valid events, so that a test states only what it is about. */

export interface EventInput {
  action?: string;
  occurred_at?: string;
  version?: number;
  actor?: { id: string; type: string; name?: string; metadata?: Record<string, unknown> };
  targets?: { id: string; type: string; name?: string; metadata?: Record<string, unknown> }[];
  context?: { location: string; user_agent?: string };
  metadata?: Record<string, string | number | boolean>;
}

/** A valid event as a client would send it; whatever is given replaces the default. */
export function makeEvent(
  input: EventInput = {},
): Required<Omit<EventInput, "version">> & EventInput {
  return {
    action: "document.shared",
    occurred_at: "2026-11-22T09:30:00.000Z",
    actor: { id: "user_1", type: "user", name: "Tanaka Yuki" },
    targets: [{ id: "document_1", type: "document", name: "契約書" }],
    context: { location: "203.0.113.7", user_agent: "Mozilla/5.0" },
    metadata: { request_id: "r-1" },
    ...input,
  };
}
