/** What is typed wrong, and what is said about it. */
import { expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { timeText } from "../../../src/cli/options.ts";

async function refusal(...args: string[]): Promise<string> {
  let said = "";
  const write = (text: string) => (said += text);
  expect(await main(args, { out: write, err: write, width: Infinity })).toBe(2);
  return said;
}

test.each([
  ["2026-01-01", "2026-01-01T00:00:00.000Z"],
  ["2026-01-01T09:00:00+09:00", "2026-01-01T00:00:00.000Z"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"],
])("%s is the time %s, wherever the terminal is", (text, time) => {
  expect(timeText(text, "--from")).toBe(time);
});

test.each([
  "11/12/2026",
  "Dec 2 2026",
  "2026-01-01T09:00:00",
  "2026-02-30",
  "2026-1-1",
  "2026",
  "",
])("'%s' is no time for an option, which is named", async (text) => {
  const range = ["--from", "2026-01-01", `--to=${text}`];
  expect(await refusal("export", "--organization", "org_1", "-o", "x.csv", ...range)).toMatch(
    /^rekishi: --to is .*ISO 8601/,
  );
  expect(await refusal("log", "x.sqlite", "list", ...range)).toMatch(/^rekishi: --to is /);
});

test.each([
  [["log", "x.sqlite", "list", "--limt", "3"], "there is no option --limt. Did you mean --limit?"],
  [
    ["log", "x.sqlite", "verify", "--wrong"],
    "there is no option --wrong. The options are --blobs, --format.",
  ],
  [["log", "x.sqlite", "list", "--limit"], "--limit needs a value"],
  [
    ["export", "--organisation=a"],
    "there is no option --organisation. Did you mean --organization?",
  ],
  [["export", "-o"], "--output needs a value"],
  [["export", "--bom=yes"], "--bom takes no value."],
  [["export", "org_1"], "there is 'org_1', and only options can stand here."],
  [["log", "x.sqlite", "search", "-login"], "A query that begins with '-' stands after '--'."],
])("%j is answered in the words of the command line", async (args, sentence) => {
  expect(await refusal(...args)).toContain(sentence);
});
