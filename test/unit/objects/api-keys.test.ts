import { expect, test } from "vitest";
import { NodeSql } from "../../../src/cli/node-sql.ts";
import type { NewApiKey } from "../../../src/contract/api-key.ts";
import { sha256Hex } from "../../../src/kernel/sha256.ts";
import {
  API_KEY_MIGRATIONS,
  authenticate,
  createApiKey,
  findApiKey,
  revokeApiKey,
  rotateApiKey,
} from "../../../src/objects/directory/api-keys.ts";
import { migrate } from "../../../src/sql/migrate.ts";

const NOW = Date.UTC(2026, 10, 22);
const DAY_SECONDS = 24 * 60 * 60;
const DAY_MS = DAY_SECONDS * 1_000;

/** One key, and whether a text of it works at a time. */
function makeKey(input: Partial<NewApiKey> = {}) {
  const sql = new NodeSql(":memory:");
  migrate(sql, "api_keys", API_KEY_MIGRATIONS);
  const { id, key } = createApiKey(sql, { name: "k", scopes: ["events:read"], ...input }, NOW);
  const works = (text: string, now: number) =>
    authenticate(sql, sha256Hex(text), now)?.keyId === id;
  const rotate = (overlapSeconds: number, now: number) =>
    rotateApiKey(sql, id, overlapSeconds, now)?.key ?? "";
  return { sql, id, key, works, rotate };
}

test("a rotated key's former text works until the overlap is over, and not a moment longer", () => {
  const { sql, id, key, works, rotate } = makeKey();
  const next = rotate(DAY_SECONDS, NOW);
  expect([works(key, NOW), works(next, NOW)]).toEqual([true, true]);
  expect(works(key, NOW + DAY_MS - 1)).toBe(true);
  expect(works(key, NOW + DAY_MS)).toBe(false);
  expect(works(next, NOW + 1_000 * DAY_MS)).toBe(true);
  const ends = new Date(NOW + DAY_MS).toISOString();
  expect(findApiKey(sql, id, null, NOW)?.former_key_expires_at).toBe(ends);
  expect(findApiKey(sql, id, null, NOW + DAY_MS)?.former_key_expires_at).toBeNull();
  // The router stops by itself what it remembers.
  expect(authenticate(sql, sha256Hex(key), NOW)?.expiresAt).toBe(NOW + DAY_MS);
});

test("a rotation that is repeated does not cut off who still uses the first text", () => {
  const { key, works, rotate } = makeKey();
  const lost = rotate(DAY_SECONDS, NOW);
  const kept = rotate(DAY_SECONDS, NOW + 1_000);
  expect([key, lost, kept].map((text) => works(text, NOW + 2_000))).toEqual([true, true, true]);
});

test("without an overlap every former text ends at once, also of earlier rotations", () => {
  const { sql, id, key, works, rotate } = makeKey();
  const second = rotate(DAY_SECONDS, NOW);
  const third = rotate(0, NOW);
  expect([key, second, third].map((text) => works(text, NOW))).toEqual([false, false, true]);
  expect(findApiKey(sql, id, null, NOW)?.former_key_expires_at).toBeNull();
});

test("a key's own expiry ends its former texts too, and so does its revocation", () => {
  const expires_at = new Date(NOW + 1_000).toISOString();
  const expiring = makeKey({ expires_at });
  const next = expiring.rotate(DAY_SECONDS, NOW);
  for (const text of [expiring.key, next]) {
    expect([expiring.works(text, NOW + 999), expiring.works(text, NOW + 1_000)]).toEqual([
      true,
      false,
    ]);
  }
  const revoked = makeKey();
  const after = revoked.rotate(DAY_SECONDS, NOW);
  revokeApiKey(revoked.sql, revoked.id, null, NOW);
  expect([revoked.key, after].map((text) => revoked.works(text, NOW))).toEqual([false, false]);
  expect(revoked.rotate(0, NOW)).toBe("");
});

test("the time of last use is known to ten minutes, and not written more often", () => {
  const { sql, id, key, works } = makeKey();
  const lastUsed = () => findApiKey(sql, id, null, NOW)?.last_used_at;
  expect(lastUsed()).toBeNull();
  const at = (minutes: number) => NOW + minutes * 60_000;
  const seen = [0, 1, 9, 10, 15, 21].map((minutes) => {
    works(key, at(minutes));
    return lastUsed();
  });
  const text = (minutes: number) => new Date(at(minutes)).toISOString();
  expect(seen).toEqual([text(0), text(0), text(0), text(10), text(10), text(21)]);
});
