/**
 * Writes the events of a block as rows without putting them together: each template of the block is written once, as
 * if it were an event, and the values of each event fill the gaps.
 */
import { type BlockTable, openTemplate } from "../log/block-table.ts";
import type { FileFormat } from "./format.ts";
import type { Row } from "./row.ts";

/** A row with gaps. */
interface RowTemplate {
  /** For each slot of the event, the column from which it takes the value. */
  readonly columns: readonly number[];
  readonly gaps: readonly Gap[];
  /** What stands around the gaps. */
  readonly texts: readonly string[];
}

interface Gap {
  readonly slot: number;
  /** The number of the place in the format. */
  readonly place: number;
}

/** Most blocks of a log have the same few templates. */
const TEMPLATES_MAX = 1_000;

export class TableRows {
  readonly #format: FileFormat;
  readonly #marks: RegExp;
  readonly #templates = new Map<string, RowTemplate>();

  constructor(format: FileFormat) {
    this.#format = format;
    this.#marks = new RegExp(format.places.map(({ mark }) => mark.source).join("|"));
  }

  /** @param isWanted by the number of an event in the block. */
  read(table: BlockTable, isWanted: (index: number) => boolean): Row[] {
    const columns = new WrittenColumns(this.#format, table.columns);
    const fillers = table.templates.map(
      (text) => new RowFiller(this.#templateOf(text, table.organizationId), columns),
    );
    const rows: Row[] = [];
    for (const [index, template] of table.templateOf.entries()) {
      const filler = fillers[template];
      filler?.take();
      if (filler !== undefined && isWanted(index)) {
        const occurredAt = table.occurredAt[index] ?? 0;
        rows.push({ occurredAt, seq: table.firstSeq + index, text: filler.row() });
      }
    }
    return rows;
  }

  #templateOf(text: string, organizationId: string): RowTemplate {
    let template = this.#templates.get(text);
    if (template === undefined) {
      template = this.#write(text, organizationId);
      if (this.#templates.size >= TEMPLATES_MAX) {
        this.#templates.clear();
      }
      this.#templates.set(text, template);
    }
    return template;
  }

  #write(text: string, organizationId: string): RowTemplate {
    const { stored, columns } = openTemplate(text, organizationId);
    const texts: string[] = [];
    const gaps: Gap[] = [];
    // Text, then for each place the slot or nothing, and text again.
    const period = this.#format.places.length + 1;
    for (const [at, part] of this.#format.row(stored).split(this.#marks).entries()) {
      if (at % period === 0) {
        texts.push(part);
      } else if (part !== undefined) {
        gaps.push({ slot: Number(part), place: (at % period) - 1 });
      }
    }
    return { columns, gaps, texts };
  }
}

/** The columns of a block as they stand in the file, and how far events have taken their values. */
class WrittenColumns {
  /** For each column, its next value. */
  readonly next: Uint32Array;
  readonly #format: FileFormat;
  readonly #columns: readonly string[];
  readonly #written = new Map<string, readonly string[]>();

  constructor(format: FileFormat, columns: readonly string[]) {
    this.#format = format;
    this.#columns = columns;
    this.next = new Uint32Array(columns.length);
  }

  of(column: number, place: number): readonly string[] {
    const key = `${column} ${place}`;
    let values = this.#written.get(key);
    if (values === undefined) {
      values = this.#format.places[place]?.write(this.#columns[column] ?? "") ?? [];
      this.#written.set(key, values);
    }
    return values;
  }
}

/** Fills the gaps of one template with the values of one event after the other. */
class RowFiller {
  readonly #template: RowTemplate;
  readonly #next: Uint32Array;
  /** For each gap, the values of its column. */
  readonly #values: readonly (readonly string[])[];
  /** For each slot, which of its column's values the event has. */
  readonly #taken: Uint32Array;
  /** Texts, and values between them. */
  readonly #pieces: string[];

  constructor(template: RowTemplate, columns: WrittenColumns) {
    this.#template = template;
    this.#next = columns.next;
    this.#values = template.gaps.map(({ slot, place }) =>
      columns.of(template.columns[slot] ?? 0, place),
    );
    this.#taken = new Uint32Array(template.columns.length);
    this.#pieces = template.texts.flatMap((text) => [text, ""]);
  }

  /** Takes the values of the next event, wanted or not. */
  take(): void {
    const { columns } = this.#template;
    for (let slot = 0; slot < columns.length; slot++) {
      const column = columns[slot] ?? 0;
      const next = this.#next[column] ?? 0;
      this.#taken[slot] = next;
      this.#next[column] = next + 1;
    }
  }

  row(): string {
    const { gaps } = this.#template;
    for (let gap = 0; gap < gaps.length; gap++) {
      this.#pieces[2 * gap + 1] = this.#values[gap]?.[this.#taken[gaps[gap]?.slot ?? 0] ?? 0] ?? "";
    }
    return this.#pieces.join("");
  }
}
