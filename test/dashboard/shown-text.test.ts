/** Texts of events that would be read as something else than what they are. */
import { expect, test } from "vitest";
import { shown } from "../../src/dashboard/parts/shown-text.ts";

test.each([
  ["x\u202etest", String.raw`x\u202etest`],
  ["a\u0000b\u001b[31m\u007f\u0085", String.raw`a\u0000b\u001b[31m\u007f\u0085`],
  ["one\ntwo\r\tthree", String.raw`one\ntwo\r\tthree`],
  ["\u2066a\u2069 \u200eb\u200f \u061cc", String.raw`\u2066a\u2069 \u200eb\u200f \u061cc`],
  [
    "adm\u200bin adm\u200cin adm\u200din\ufeff",
    String.raw`adm\u200bin adm\u200cin adm\u200din\ufeff`,
  ],
])("what is not seen of it is shown as an escape", (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each(["document.shared", "契約書を共有", "👩‍💻 Zoë", "می‌خواهم", "क्‍ष", "שלום", "a\\u202e"])(
  "what people write stays as it is: %s",
  (text) => {
    expect(shown(text)).toBe(text);
  },
);
