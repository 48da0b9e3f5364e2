import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../../src/contract/event.ts";
import type { Json } from "../../../src/kernel/strict-json.ts";
import { buildLine, parseLine } from "../../../src/log/line.ts";
import { anyEvent } from "../../support/arbitraries.ts";

test("a stored line is canonical JSON and holds the client's event byte for byte", () => {
  fc.assert(
    fc.property(anyEvent, fc.nat(), (event, seq) => {
      const text = readEvent(event as unknown as Json, "event");
      const client = text.ok ? text.value : "";
      const facts = { organizationId: "org_1", seq: seq + 1, ingestedAt: seq, random: seq };
      const line = buildLine(client, facts);
      const stored = parseLine(line.text);
      expect(canonicalize(stored)).toBe(line.text);
      expect(line.text).toContain(client);
      expect(stored).toMatchObject({ id: line.id, seq: seq + 1, organization_id: "org_1" });
    }),
  );
});
