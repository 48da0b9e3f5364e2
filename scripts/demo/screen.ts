/** What the demo prints, and how it looks. Colours are left out where the output is not a terminal. */
import { styleText } from "node:util";
import { rowLayout } from "../../src/cli/table.ts";
import type { EventResource } from "../../src/contract/event.ts";

const INDENT = "  ";

/** Prints one line. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints the title of a section. */
export function sayTitle(text: string): void {
  say(`\n${styleText("bold", text)}`);
}

/** Prints a line that belongs to the section. */
export function sayDetail(text: string): void {
  say(`${INDENT}${text}`);
}

/** Prints rows under a header, in aligned columns. */
export function sayTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const sayRow = startTable(header, rows);
  rows.forEach(sayRow);
}

/**
 * Prints a header, and gives a function that prints one row. `sample` is what the columns must have room for. A line
 * is cut to fit a terminal; in a file or a pipe it is whole.
 */
export function startTable(
  header: readonly string[],
  sample: readonly (readonly string[])[],
): (row: readonly string[]) => void {
  const width = (process.stdout.columns ?? Infinity) - INDENT.length;
  const line = rowLayout([header, ...sample], width);
  sayDetail(styleText("dim", line(header)));
  return (row) => sayDetail(line(row));
}

/** A row that says who did what to what, after whatever cells come first. */
export function eventRow(
  leading: readonly string[],
  { action, actor, targets }: Pick<EventResource, "action" | "actor" | "targets">,
): string[] {
  return [...leading, action, actor.name ?? actor.id, targetText(targets)];
}

/** The action mostly says the type already, so it is shown only where there is no name. */
function targetText([first]: EventResource["targets"]): string {
  return first === undefined ? "" : (first.name ?? `${first.type} ${first.id}`);
}
