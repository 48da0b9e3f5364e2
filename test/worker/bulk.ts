/** Many different events in one call. */
import { expect } from "vitest";
import type { EventInput } from "../support/events.ts";
import { makeEvent } from "../support/events.ts";
import { call } from "./client.ts";

export async function append(
  organizationId: string,
  count: number,
  metadata: NonNullable<EventInput["metadata"]> = {},
  input: EventInput = {},
): Promise<void> {
  const events = Array.from({ length: count }, () =>
    makeEvent({ ...input, metadata: { ...metadata, unique: crypto.randomUUID() } }),
  );
  const { status } = await call("POST", "/audit_logs/events/batch", {
    organization_id: organizationId,
    events,
  });
  expect(status).toBe(200);
}
