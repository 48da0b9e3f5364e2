import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { makeEvent } from "../support/events.ts";

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  exports.default.fetch(`https://rekishi.test${path}`, {
    method: "POST",
    headers: { authorization: "Bearer rk_root_test", ...headers },
    body: JSON.stringify(body),
  });

test("an accepted event is answered with its id and seq", async () => {
  const answer = await post("/audit_logs/events", {
    organization_id: "org_first",
    event: makeEvent(),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ success: true, seq: 1 });
});
