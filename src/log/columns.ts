/**
 * The columns of a segment: for every event its time and, as codes, its action, actor and targets.
 *
 * They answer conjunctions, statistics and the exact order of time without decoding a block. A segment carries its
 * own dictionaries, so it can be moved, read and deleted alone. How columns are stored is `vector-codec.ts`.
 */
import type { AuditEvent } from "../contract/event.ts";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** A text for every event, or for every target of every event, by its code. */
export class CodedColumn {
  readonly codes: Codes;
  /** The values as JSON, one a line, in order of their codes: one can be found without reading the others. */
  readonly dictionary: string;
  #values: readonly string[] | undefined;

  constructor(dictionary: string, codes: Codes) {
    this.dictionary = dictionary;
    this.codes = codes;
  }

  get values(): readonly string[] {
    return (this.#values ??= JSON.parse(
      `[${this.dictionary.replaceAll("\n", ",")}]`,
    ) as readonly string[]);
  }

  /** The code of a value, or undefined when no event has it. */
  codeOf(value: string): number | undefined {
    const text = `\n${this.dictionary}\n`;
    const at = text.indexOf(`\n${JSON.stringify(value)}\n`);
    return at === -1 ? undefined : countLines(text, at);
  }
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", 1); at !== -1 && at <= end; at = text.indexOf("\n", at + 1)) {
    lines++;
  }
  return lines;
}

/** The targets of event `i` are numbers `starts[i]` to `starts[i + 1] - 1` of the other two. */
export interface TargetColumns {
  readonly starts: Uint32Array;
  readonly types: CodedColumn;
  /** Hashes of the ids; equal hashes are almost always equal ids. */
  readonly idHashes: Uint32Array;
}

/** All columns of some events, in order of seq. */
export interface Columns {
  readonly times: Float64Array;
  readonly actions: CodedColumn;
  readonly actors: CodedColumn;
  readonly actorTypes: CodedColumn;
  readonly targets: TargetColumns;
}

/** Gathers columns: of events while they are sealed, or of other columns that are joined or cut. */
export class ColumnsBuilder {
  readonly #times: number[] = [];
  readonly #actions = new Coder();
  readonly #actors = new Coder();
  readonly #actorTypes = new Coder();
  readonly #targetTypes = new Coder();
  readonly #targetIdHashes: number[] = [];
  readonly #targetStarts: number[] = [0];

  /** How large the dictionaries have become, in characters. */
  get dictionaryCharacters(): number {
    return [this.#actions, this.#actors, this.#actorTypes, this.#targetTypes].reduce(
      (sum, coder) => sum + coder.characters,
      0,
    );
  }

  add(event: AuditEvent): void {
    this.#times.push(Date.parse(event.occurred_at));
    this.#actions.add(event.action);
    this.#actors.add(event.actor.id);
    this.#actorTypes.add(event.actor.type);
    for (const target of event.targets) {
      this.#targetTypes.add(target.type);
      this.#targetIdHashes.push(hashText(target.id));
    }
    this.#targetStarts.push(this.#targetIdHashes.length);
  }

  /** Adds the events of other columns, from number `from` on. Values that none of them has are left out. */
  addAll(columns: Columns, from = 0): void {
    const { times, targets } = columns;
    const firstTarget = targets.starts[from] ?? 0;
    const offset = this.#targetIdHashes.length - firstTarget;
    this.#actions.addAll(columns.actions, from);
    this.#actors.addAll(columns.actors, from);
    this.#actorTypes.addAll(columns.actorTypes, from);
    this.#targetTypes.addAll(targets.types, firstTarget);
    for (let event = from; event < times.length; event++) {
      this.#times.push(times[event] ?? 0);
      this.#targetStarts.push((targets.starts[event + 1] ?? 0) + offset);
    }
    for (let target = firstTarget; target < targets.idHashes.length; target++) {
      this.#targetIdHashes.push(targets.idHashes[target] ?? 0);
    }
  }

  columns(): Columns {
    return {
      times: Float64Array.from(this.#times),
      actions: this.#actions.column(),
      actors: this.#actors.column(),
      actorTypes: this.#actorTypes.column(),
      targets: {
        starts: Uint32Array.from(this.#targetStarts),
        types: this.#targetTypes.column(),
        idHashes: Uint32Array.from(this.#targetIdHashes),
      },
    };
  }
}

/** Gives each new text the next code. */
class Coder {
  readonly #codeOf = new Map<string, number>();
  readonly #codes: number[] = [];
  characters = 0;

  add(text: string): void {
    this.#codes.push(this.#code(text));
  }

  addAll({ values, codes }: CodedColumn, from: number): void {
    const codeOf = new Int32Array(values.length).fill(-1);
    for (let item = from; item < codes.length; item++) {
      const theirs = codes[item] ?? 0;
      let code = codeOf[theirs] ?? -1;
      if (code === -1) {
        code = this.#code(values[theirs] ?? "");
        codeOf[theirs] = code;
      }
      this.#codes.push(code);
    }
  }

  column(): CodedColumn {
    const dictionary = Array.from(this.#codeOf.keys(), (value) => JSON.stringify(value)).join("\n");
    return new CodedColumn(dictionary, narrowest(this.#codeOf.size).from(this.#codes));
  }

  #code(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
      this.characters += text.length;
    }
    return code;
  }
}

function narrowest(values: number) {
  return values <= 2 ** 8 ? Uint8Array : values <= 2 ** 16 ? Uint16Array : Uint32Array;
}

/** 32-bit FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
