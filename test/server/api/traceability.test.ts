import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useServer } from "../server.ts";
import { readDocument } from "./document.ts";
import { type Proof, ROUTE_PROOFS, RULE_PROOFS } from "./traceability.ts";

const server = useServer();

test("every route of the document has a row, and no row is of another", async () => {
  const routes = (await readDocument(server)).map(({ name }) => name);
  expect(Object.keys(ROUTE_PROOFS).toSorted()).toEqual(routes.toSorted());
});

test.each(Object.entries({ ...ROUTE_PROOFS, ...RULE_PROOFS }))(
  "%s is held by tests that are there",
  (_, proofs) => {
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.filter((proof) => !isThere(proof))).toEqual([]);
  },
);

/** Is there a test whose title has these words? A title stands behind `test` or `describe`, or on a line of its own. */
function isThere({ file, title }: Proof): boolean {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  const titles = source
    .split("\n")
    .filter((line) => /\b(?:test|describe)\b|^\s*["`].*["`],$/.test(line));
  return titles.some((line) => line.includes(title));
}
