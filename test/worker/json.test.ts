import { expect, test } from "vitest";
import { parseStrictJson } from "../../src/kernel/strict-json.ts";

test("an escaped name is read as it is, whatever names came before", () => {
  for (let n = 0; n < 3; n++) {
    parseStrictJson('{"a":1,"\\\\":2}');
  }
  expect(parseStrictJson('{"a":1,"\\u0062":2}')).toEqual({ ok: true, value: { a: 1, b: 2 } });
});
