import fc from "fast-check";
import { expect, test } from "vitest";
import { openWords } from "../../../src/query/open-words.ts";
import { fold, indexTerms, isCjk, isCommon, words } from "../../../src/query/words.ts";
import { nastyText } from "./arbitraries.ts";

test.each([
  ["document.shared", ["document", "shared"]],
  ["user_01AB", ["user", "01ab"]],
  ["Hello, World!", ["hello", "world"]],
  ["10.0.0.7:443", ["10.0.0.7", "443"]],
  ["v1.2.3 10.5kg 1..2 3.", ["v1", "2.3", "10.5", "kg", "1", "2", "3"]],
  ["2001:db8::1", ["2001", "db8", "1"]],
  ["550E8400-e29b-41d4-a716-446655440000", ["550e8400-e29b-41d4-a716-446655440000"]],
  ["550e8400-e29b-41d4", ["550e8400", "e29b", "41d4"]],
  ["契約書のレビュー。人々 2026年", ["契約書のレビュー", "人々", "2026", "年"]],
  ["サーバー・名", ["サーバー", "名"]],
  ["ｻｰﾊﾞｰ ＡＢＣ １２", ["サーバー", "abc", "12"]],
  ["서울 가나다", ["서울", "가나다"]],
  ["葛\u{e0100}飾区", ["葛飾区"]],
  ["co\u00adoperate", ["cooperate"]],
  ["H\u0331 ﬁ Straße", ["ẖ", "fi", "straße"]],
  ["\u{1f600} ... \u0301", []],
  ["", []],
])("the words of %j are %j", (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test("a word is its own only word, so words can be joined by spaces and cut again", () => {
  fc.assert(
    fc.property(nastyText, nastyText, (one, other) => {
      const all = [...words(one), ...words(other)];
      expect(words(all.join(" "))).toEqual(all);
    }),
    { numRuns: 2_000 },
  );
});

test("a text in another normal form or case has the same words", () => {
  fc.assert(
    fc.property(nastyText, (text) => {
      expect(words(text.normalize("NFD"))).toEqual(words(text));
      expect(words(text.normalize("NFKC"))).toEqual(words(text));
      expect(words(fold(text))).toEqual(words(text));
    }),
    { numRuns: 2_000 },
  );
});

test("the short way for common characters gives what the general way gives", () => {
  // An invisible character does not count, but makes a text uncommon.
  const inGeneral = (text: string) => `\u2060${text}`;
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    if (isCommon(character) && fold(inGeneral(character)) !== fold(character)) {
      expect.fail(`U+${code.toString(16)} is not its lower case`);
    }
    if (isCommon(character) && isCjk(character) !== isCjk(words(inGeneral(character))[0] ?? "")) {
      expect.fail(`U+${code.toString(16)} is of the other kind`);
    }
  }
  expect(isCommon(inGeneral("a"))).toBe(false);
  fc.assert(
    fc.property(nastyText, (text) => {
      expect(words(inGeneral(text))).toEqual(words(text));
    }),
    { numRuns: 2_000 },
  );
});

test("an index has spaced words whole and CJK runs in pairs, with every character at the beginning of a term", () => {
  expect([...indexTerms("Shared 契約書")]).toEqual(["shared", "契約", "約書", "書"]);
  expect([...indexTerms("契")]).toEqual(["契"]);
  expect([...indexTerms("𠮷野家")]).toEqual(["𠮷野", "野家", "家"]);
});

test("an accented word that came decomposed is in the index in both forms, so a cut before the accent finds it", () => {
  expect([...indexTerms("caf\u00e9")]).toEqual(["caf\u00e9"]);
  expect([...indexTerms("cafe\u0301")]).toEqual(["caf\u00e9", "cafe\u0301"]);
});

test.each([
  ["10.0.0.", ["10.0.0."]],
  ["ip 10.", ["ip", "10."]],
  ["10.0", ["10.0"]],
  ["v1.", ["v1"]],
  ["550e8400-", ["550e8400-"]],
  ["id 550E8400-e29b-4", ["id", "550e8400-e29b-4"]],
  ["550e8400-e29b-41d4-a716-446655440000", ["550e8400-e29b-41d4-a716-446655440000"]],
  ["550e8400-xyz", ["550e8400", "xyz"]],
  ["document.sh", ["document", "sh"]],
])("what may become one word stays one: %j may go on as %j", (text, expected) => {
  expect(openWords(text)).toEqual(expected);
});
