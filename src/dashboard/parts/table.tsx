/** A table of things, a row each: what is known of them, and at the end of the row what can be done with it. */
import type { ComponentChildren } from "preact";
import { messages } from "../i18n/messages.ts";

export interface Column<Row> {
  readonly heading: string;
  /** A class of `styles/settings.css`. */
  readonly class?: "number" | "brief" | "scopes";
  /** On a phone, where a row is a card, it stands on top without its heading. */
  readonly isTitle?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

export interface TableProps<Row> {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  readonly actions: (row: Row) => ComponentChildren;
  /** What is said where there are no rows. */
  readonly none: string;
}

export function Table<Row>({ rows, keyOf, columns, actions, none }: TableProps<Row>) {
  if (rows.length === 0) {
    return <p class="faint empty">{none}</p>;
  }
  return (
    <table class="table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.heading} class={column.class}>
              {column.heading}
            </th>
          ))}
          <th>
            <span class="only-read-aloud">{messages.value.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column) => (
              <td
                key={column.heading}
                class={column.class}
                data-label={column.isTitle === true ? undefined : column.heading}
              >
                {column.cell(row)}
              </td>
            ))}
            <td class="row-actions">{actions(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
