import { expect, test } from "vitest";
import { FINGERPRINT_BYTES } from "../../../src/log/idempotency.ts";
import type { AppendRequest } from "../../../src/log/log.ts";
import { AppendQueue } from "../../../src/objects/tenant/append-queue.ts";

function request(): AppendRequest {
  return { events: ["{}"], fingerprints: new Uint8Array(FINGERPRINT_BYTES) };
}

/** A log in which each event is a step of sealing, of which those fail that `fails` says. */
function queueOf(fails: (attempt: number) => boolean) {
  const seen = { commits: 0, attempts: 0, sealed: 0 };
  const queue = new AppendQueue({
    commit: (requests) => {
      seen.commits += requests.length;
      return { firstSeq: seen.commits, lines: [], receipts: requests.map(() => []) };
    },
    flush: async () => undefined,
    committed: () => undefined,
    sealable: () => seen.commits - seen.sealed,
    seal: () => {
      if (fails(seen.attempts++)) {
        throw new Error("The disk is full.");
      }
      seen.sealed++;
    },
    pause: async () => undefined,
  });
  return { queue, seen };
}

test("appends are answered although sealing fails, and it is tried again after the next commit", async () => {
  const { queue, seen } = queueOf((attempt) => attempt < 2);
  expect((await queue.append(request())).ok).toBe(true);
  expect((await queue.append(request())).ok).toBe(true);
  expect((await queue.append(request())).ok).toBe(true);
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen).toEqual({ commits: 3, attempts: 5, sealed: 3 });
});

test("what is sealed while many appends wait is sealed to the end", async () => {
  const { queue, seen } = queueOf(() => false);
  const answers = await Promise.all(Array.from({ length: 40 }, () => queue.append(request())));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen).toMatchObject({ commits: 40, sealed: 40 });
});
