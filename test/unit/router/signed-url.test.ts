/** Links that are their own permission: for one path, for ten minutes, under keys that can be changed. */
import { expect, test } from "vitest";
import { signingKeys, signUrl, verifyUrl } from "../../../src/router/download/signed-url.ts";

const NOW = Date.UTC(2026, 10, 22, 9, 30);
const OLD = "old-key-with-at-least-32-characters-in-it";
const NEW = "new-key-with-at-least-32-characters-in-it";
const FILE = new URL("https://audit.example.com/audit_logs/exports/e1/file");

function isValid(url: string, keys: readonly string[], now = NOW): boolean {
  return verifyUrl(new URL(url), keys, now).ok;
}

test("a link works for ten minutes and not a second longer", () => {
  const url = signUrl(FILE, [OLD], NOW);
  expect(isValid(url, [OLD], NOW + 599_000)).toBe(true);
  expect(isValid(url, [OLD], NOW + 600_000)).toBe(false);
});

test("after a change of the key, links under the old one go on working until it is dropped", () => {
  const url = signUrl(FILE, [OLD], NOW);
  expect(isValid(url, [NEW, OLD])).toBe(true);
  expect(isValid(url, [NEW])).toBe(false);
  expect(isValid(signUrl(FILE, [NEW, OLD], NOW), [NEW])).toBe(true);
});

test("a link is for its path alone, whatever name the server is reached under", () => {
  const url = signUrl(FILE, [OLD], NOW);
  expect(isValid(url.replace("/e1/", "/e2/"), [OLD])).toBe(false);
  expect(isValid(url.replace("/file", "/manifest"), [OLD])).toBe(false);
  expect(isValid(url.replace("audit.example.com", "10.0.0.1:8787"), [OLD])).toBe(true);
});

test("keys that are missing or too short are refused with the name of the setting", () => {
  for (const secret of [undefined, "", "short", `${OLD},short`, `${OLD},`]) {
    expect(signingKeys(secret)).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("REKISHI_SIGNING_KEYS") as string },
    });
  }
  expect(signingKeys(`${NEW}, ${OLD}`)).toEqual({ ok: true, value: [NEW, OLD] });
});
