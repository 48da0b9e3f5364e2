/** Keys and tokens in the wrong field: they are found, and what people search for is not taken for one. */
import { expect, test } from "vitest";
import { remember, recentQueries } from "../../src/dashboard/state/recent-queries.ts";
import { holdsSecret } from "../../src/dashboard/state/secret.ts";
import {
  mintApiKey,
  mintPortalCode,
  mintSessionToken,
  mintTicket,
} from "../../src/kernel/api-key.ts";

const SECRETS: readonly string[] = [
  mintApiKey(),
  mintTicket(),
  mintPortalCode(),
  mintSessionToken(),
  "rk_root_development",
  "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1XzEifQ.c2lnbmF0dXJl",
];

test.each(SECRETS)("%s is a secret, alone, as a value, quoted and cut short", (secret) => {
  for (const text of [secret, `actor.id:${secret}`, `a "${secret}" b`, secret.slice(0, -3)]) {
    expect(holdsSecret(text), text).toBe(true);
  }
});

test.each(["", "action:document.shared", "rk", "rk_live", "work_root_cause", "api_key_01h", "eyJ"])(
  "'%s' is no secret",
  (text) => {
    expect(holdsSecret(text)).toBe(false);
  },
);

test("a query with a secret in it is not remembered", () => {
  remember("action:document.shared");
  remember(`action:document.shared ${mintApiKey()}`);
  expect(recentQueries.value).toEqual(["action:document.shared"]);
});
