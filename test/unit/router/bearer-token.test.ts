import { expect, test } from "vitest";
import { bearerTokenOf, tokenHash } from "../../../src/router/auth/bearer-token.ts";
import { heapBytes, MEBIBYTE } from "../../support/heap.ts";

/** As a server gets it: a text of its own. */
function headerOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

test("a header is read as RFC 6750 writes it, in any case, with some spaces", () => {
  for (const header of ["Bearer token", "bearer token", "BEARER   token  "]) {
    expect(bearerTokenOf(header)).toBe("token");
  }
  for (const header of ["Bearer", "Bearer ", "token", "Basic token", "Bearer two tokens"]) {
    expect(bearerTokenOf(header)).toBeUndefined();
  }
});

test.each([
  ["spaces before the token", (token: string) => `Bearer${" ".repeat(60_000)}${token}`],
  ["spaces after the token", (token: string) => `Bearer ${token}${" ".repeat(60_000)}`],
  ["a long token", (token: string) => `Bearer ${token}${"x".repeat(60_000)}`],
])("1,000 headers of 60 KB, with %s, are not kept in memory", (_, textOf) => {
  const before = heapBytes();
  for (let n = 0; n < 1_000; n++) {
    const token = bearerTokenOf(headerOf(textOf(`some-token-of-nobody-${n}`)));
    if (token !== undefined) {
      tokenHash(token);
    }
  }
  expect((heapBytes() - before) / MEBIBYTE).toBeLessThan(8);
});
