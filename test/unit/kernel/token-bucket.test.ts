import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket, TokenBuckets } from "../../../src/kernel/token-bucket.ts";

test("never lets more through than the burst and the rate allow, whatever is asked when", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 500 }),
      fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 100 })), { maxLength: 60 }),
      (perSecond, capacity, asks) => {
        let now = 1_000;
        let taken = 0;
        const bucket = new TokenBucket(perSecond, capacity, now);
        for (const [pauseMs, count] of asks) {
          now += pauseMs;
          if (bucket.available(now) >= count) {
            bucket.take(count, now);
            taken += count;
          } else if (count <= capacity) {
            const later = now + bucket.secondsUntil(count, now) * 1_000;
            expect(bucket.available(later)).toBeGreaterThanOrEqual(count - 1e-6);
          }
          expect(taken).toBeLessThanOrEqual(capacity + ((now - 1_000) / 1_000) * perSecond + 1e-6);
        }
      },
    ),
  );
});

test("a clock that was set back gives nothing", () => {
  const bucket = new TokenBucket(1, 10, 1_000_000);
  bucket.take(10, 1_000_000);
  expect(bucket.available(0)).toBe(0);
});

test("the bucket that was not used for the longest makes room, and begins anew when it comes back", () => {
  const buckets = new TokenBuckets(2, (now) => new TokenBucket(1, 10, now));
  buckets.use("a", 0).take(10, 0);
  buckets.use("b", 0).take(4, 0);
  expect(buckets.use("a", 0).available(0)).toBe(0);
  buckets.use("c", 0);
  expect(buckets.find("b")).toBe(undefined);
  expect(buckets.find("a")?.available(0)).toBe(0);
  expect(buckets.use("b", 0).available(0)).toBe(10);
});
