/**
 * The columns of a segment: for every event its time and, as codes, its action, actor and targets.
 *
 * They answer conjunctions, statistics and the exact order of time without decoding a block. A segment carries its
 * own dictionaries (`coded-column.ts`), so it can be moved, read and deleted alone. How columns are stored is
 * `vector-codec.ts`.
 */
import type { AuditEvent } from "../contract/event.ts";
import { CodedColumn } from "./coded-column.ts";
import { hashText } from "./hash-text.ts";

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

/** Gathers the columns of events while they are sealed. */
export class ColumnsBuilder {
  readonly #times: number[] = [];
  readonly #actions = new CodesBuilder();
  readonly #actors = new CodesBuilder();
  readonly #actorTypes = new CodesBuilder();
  readonly #targetTypes = new CodesBuilder();
  readonly #targetIdHashes: number[] = [];
  readonly #targetStarts: number[] = [0];

  /** How large the dictionaries have become, in characters. */
  get dictionaryCharacters(): number {
    return [this.#actions, this.#actors, this.#actorTypes, this.#targetTypes].reduce(
      (sum, { dictionary }) => sum + dictionary.characters,
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

/**
 * Columns of events that follow one another, as if those events had been gathered anew, each made when it is first asked
 * for. The first `skipped` events of the first part are left out, and what only they had is in no dictionary.
 */
export class JoinedColumns implements Columns {
  readonly #parts: readonly Columns[];
  readonly #skipped: number;
  #times: Float64Array | undefined;
  #actions: CodedColumn | undefined;
  #actors: CodedColumn | undefined;
  #actorTypes: CodedColumn | undefined;
  #targets: TargetColumns | undefined;

  constructor(parts: readonly Columns[], skipped: number) {
    this.#parts = parts;
    this.#skipped = skipped;
  }

  get times(): Float64Array {
    return (this.#times ??= joinArrays(
      this.#parts.map(({ times }) => times),
      Float64Array,
    ).subarray(this.#skipped));
  }

  get actions(): CodedColumn {
    return (this.#actions ??= this.#joinCoded(({ actions }) => actions));
  }

  get actors(): CodedColumn {
    return (this.#actors ??= this.#joinCoded(({ actors }) => actors));
  }

  get actorTypes(): CodedColumn {
    return (this.#actorTypes ??= this.#joinCoded(({ actorTypes }) => actorTypes));
  }

  get targets(): TargetColumns {
    const parts = this.#parts.map(({ targets }) => targets);
    return (this.#targets ??= joinTargets(parts, this.#skipped));
  }

  #joinCoded(columnOf: (part: Columns) => CodedColumn): CodedColumn {
    return joinCoded(this.#parts.map(columnOf), this.#skipped);
  }
}

/** @param skipped items of the first part. */
function joinCoded(parts: readonly CodedColumn[], skipped: number): CodedColumn {
  const dictionary = new Dictionary();
  const joined = new Uint32Array(parts.reduce((sum, { codes }) => sum + codes.length, 0) - skipped);
  let at = 0;
  for (const [number, { values, codes }] of parts.entries()) {
    const codeOf = new Int32Array(values.length).fill(-1);
    for (let item = number === 0 ? skipped : 0; item < codes.length; item++) {
      const theirs = codes[item] ?? 0;
      let code = codeOf[theirs] ?? -1;
      if (code === -1) {
        code = dictionary.codeOf(values[theirs] ?? "");
        codeOf[theirs] = code;
      }
      joined[at++] = code;
    }
  }
  return dictionary.column(joined);
}

function joinTargets(parts: readonly TargetColumns[], skipped: number): TargetColumns {
  const skippedTargets = parts[0]?.starts[skipped] ?? 0;
  const types = parts.map((part) => part.types);
  let idHashes: Uint32Array | undefined;
  return {
    starts: joinStarts(parts, skipped),
    types: joinCoded(types, skippedTargets),
    get idHashes() {
      const hashes = parts.map((part) => part.idHashes);
      return (idHashes ??= joinArrays(hashes, Uint32Array).subarray(skippedTargets));
    },
  };
}

function joinStarts(parts: readonly TargetColumns[], skipped: number): Uint32Array {
  const events = parts.reduce((sum, { starts }) => sum + starts.length - 1, 0) - skipped;
  const joined = new Uint32Array(events + 1);
  let event = 0;
  for (const [number, { starts }] of parts.entries()) {
    const first = number === 0 ? skipped : 0;
    const offset = (joined[event] ?? 0) - (starts[first] ?? 0);
    for (let index = first + 1; index < starts.length; index++) {
      joined[++event] = (starts[index] ?? 0) + offset;
    }
  }
  return joined;
}

function joinArrays<T extends Float64Array | Uint32Array>(
  parts: readonly T[],
  ArrayOf: new (length: number) => T,
): T {
  const joined = new ArrayOf(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The values of a column that is being made. */
class Dictionary {
  readonly #codes = new Map<string, number>();
  characters = 0;

  /** A new value gets the next code. */
  codeOf(value: string): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.#codes.size;
      this.#codes.set(value, code);
      this.characters += value.length;
    }
    return code;
  }

  column(codes: ArrayLike<number>): CodedColumn {
    const values = Array.from(this.#codes.keys(), (value) => JSON.stringify(value));
    const CodesArray = narrowest(values.length);
    const dictionary = values.join("\n");
    const narrow = new CodesArray(codes);
    return new CodedColumn({ dictionary: () => dictionary, codes: () => narrow });
  }
}

class CodesBuilder {
  readonly dictionary = new Dictionary();
  readonly #codes: number[] = [];

  add(value: string): void {
    this.#codes.push(this.dictionary.codeOf(value));
  }

  column(): CodedColumn {
    return this.dictionary.column(this.#codes);
  }
}

function narrowest(values: number) {
  return values <= 2 ** 8 ? Uint8Array : values <= 2 ** 16 ? Uint16Array : Uint32Array;
}
