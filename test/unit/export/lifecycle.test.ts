/** What becomes of an export that fails: it is tried again while that may help, and then says what to do. */
import { expect, test } from "vitest";
import { type BlobFailureCode, blobFault } from "../../../src/blob/blob-failure.ts";
import { reactionTo, reactionToBug, type Trouble } from "../../../src/export/lifecycle.ts";

const react = (code: BlobFailureCode, attempts: number, restarts = 0) =>
  reactionTo(blobFault(code, "").failure, { attempts, restarts });

test("a store that does not answer is tried for an hour, with pauses of at most five minutes", () => {
  const delays: number[] = [];
  for (let attempts = 0; ; attempts++) {
    const reaction = react("blob_unavailable", attempts);
    if (reaction.kind === "give up") {
      expect(reaction.reason.code).toBe("blob_store_failed");
      break;
    }
    delays.push(reaction.delayMs);
  }
  expect(delays.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(Math.max(...delays)).toBe(300_000);
  const total = delays.reduce((sum, delay) => sum + delay, 0);
  expect(total).toBeGreaterThan(3_000_000);
  expect(total).toBeLessThan(4_500_000);
});

test("what was lost is made again, twice, and then the store is to blame", () => {
  expect(react("blob_corrupt", 0)).toMatchObject({ kind: "retry" });
  expect(react("blob_corrupt", 4)).toMatchObject({ kind: "restart" });
  expect(react("blob_upload_not_found", 0, 1)).toMatchObject({ kind: "restart" });
  expect(react("blob_upload_not_found", 0, 2)).toMatchObject({
    kind: "give up",
    reason: { code: "blob_store_corrupt" },
  });
});

test("refused credentials are not tried again", () => {
  expect(react("blob_misconfigured", 0)).toMatchObject({
    kind: "give up",
    reason: { code: "blob_store_misconfigured" },
  });
});

test("a bug does not keep an export pending for ever", () => {
  const trouble: Trouble = { attempts: 0, restarts: 0 };
  expect(reactionToBug(trouble)).toEqual({ kind: "retry", delayMs: 1_000 });
  expect(reactionToBug({ ...trouble, attempts: 18 })).toMatchObject({ kind: "give up" });
});
