/** Aligned columns of text for a terminal. */

const GAP = "  ";

/** Lays out one row as a line. */
export type RowLayout = (row: readonly string[]) => string;

/**
 * The layout that fits the given rows, the header first among them: every column is as wide as its widest cell, and
 * columns of numbers, with a unit or without, are set to the right. What goes beyond `width` is cut from the last column, visibly.
 */
export function rowLayout(rows: readonly (readonly string[])[], width: number): RowLayout {
  const [header = [], ...body] = rows.map((row) => row.map(printable));
  const columns = header.map((title, column) => {
    const cells = body.map((row) => row[column] ?? "");
    return {
      width: Math.max(title.length, ...cells.map((cell) => cell.length)),
      isNumeric: cells.length > 0 && cells.every((cell) => /^[\d,]+( ms)?$/.test(cell)),
    };
  });
  return (row) => {
    const cells = columns.map((column, index) => {
      const cell = printable(row[index] ?? "");
      return column.isNumeric ? cell.padStart(column.width) : cell.padEnd(column.width);
    });
    return cut(cells.join(GAP).trimEnd(), width);
  };
}

/** Text that stays on its line and cannot steer the terminal: what events hold was written by others. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1)).trimEnd()}…` : text;
}
