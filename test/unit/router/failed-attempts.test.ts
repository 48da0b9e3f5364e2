import { afterEach, expect, test, vi } from "vitest";
import { FailedAttempts } from "../../../src/router/auth/failed-attempts.ts";

afterEach(() => vi.useRealTimers());

async function fail(attempts: FailedAttempts, network: string | undefined): Promise<void> {
  for (let count = 0; count < 20; count++) {
    expect(await attempts.slow(network)).toEqual({ ok: true, value: null });
    attempts.count(network);
  }
}

test("an address that failed twenty times is refused until the next attempt is due, others are not", async () => {
  let now = 0;
  const attempts = new FailedAttempts(() => now);
  await fail(attempts, "192.0.2.1");
  expect(await attempts.slow("192.0.2.1")).toMatchObject({
    ok: false,
    failure: { code: "rate_limit_exceeded", retryAfterSeconds: 2 },
  });
  expect(await attempts.slow("192.0.2.2")).toMatchObject({ ok: true });
  now = 2_000;
  expect(await attempts.slow("192.0.2.1")).toMatchObject({ ok: true });
});

test("where clients cannot be told apart, an attempt after twenty failures waits a second, and is not refused", async () => {
  vi.useFakeTimers();
  const attempts = new FailedAttempts(() => Date.now());
  await fail(attempts, undefined);
  const settled = vi.fn<(answer: unknown) => void>();
  const slowed = attempts.slow(undefined).then(settled);
  await vi.advanceTimersByTimeAsync(999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await slowed;
  expect(settled).toHaveBeenCalledWith({ ok: true, value: null });
  expect(await attempts.slow("192.0.2.1")).toMatchObject({ ok: true });
});

test("a thousand may wait; more are refused until those have waited, whether they are still there or not", async () => {
  vi.useFakeTimers();
  const attempts = new FailedAttempts(() => Date.now());
  await fail(attempts, undefined);
  const waiting = Array.from({ length: 1_000 }, () => attempts.slow(undefined));
  expect(await attempts.slow(undefined)).toMatchObject({
    ok: false,
    failure: { code: "rate_limit_exceeded" },
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await Promise.all(waiting)).toHaveLength(1_000);
  const next = attempts.slow(undefined);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await next).toMatchObject({ ok: true });
});
