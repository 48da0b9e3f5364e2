import { expect, test } from "vitest";
import { FailedAttempts } from "../../../src/router/auth/failed-attempts.ts";

test("an address that failed twenty times is refused until the next attempt is due, others are not", () => {
  let now = 0;
  const attempts = new FailedAttempts(() => now);
  for (let count = 0; count < 20; count++) {
    expect(attempts.refusal("192.0.2.1")).toBeUndefined();
    attempts.count("192.0.2.1");
  }
  expect(attempts.refusal("192.0.2.1")?.failure).toMatchObject({
    code: "rate_limit_exceeded",
    retryAfterSeconds: 2,
  });
  expect(attempts.refusal("192.0.2.2")).toBeUndefined();
  now = 2_000;
  expect(attempts.refusal("192.0.2.1")).toBeUndefined();
});
