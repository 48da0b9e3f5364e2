/**
 * The columns of a segment: for every event its time and, as codes, its action, actor and targets.
 *
 * They answer conjunctions, statistics and the exact order of time without decoding a block. A segment carries its
 * own dictionaries, so it can be moved, read and deleted alone. Each column is a vector of its own, compressed and
 * read only when it is asked for.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { AuditEvent } from "../contract/event.ts";

/** A text for every event, or for every target of every event, by its code. */
export class CodedColumn {
  readonly codes: Uint16Array;
  /** The values as JSON, one a line, in order of their codes: one can be found without reading the others. */
  readonly dictionary: string;
  #values: readonly string[] | undefined;

  constructor(dictionary: string, codes: Uint16Array) {
    this.dictionary = dictionary;
    this.codes = codes;
  }

  get values(): readonly string[] {
    return (this.#values ??=
      this.dictionary === ""
        ? []
        : this.dictionary.split("\n").map((value) => JSON.parse(value) as string));
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

export type VectorName = "times" | "actions" | "actors" | "actorTypes" | "targets";
export const VECTOR_NAMES: readonly VectorName[] = [
  "times",
  "actions",
  "actors",
  "actorTypes",
  "targets",
];

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** Gathers the columns while the events of a segment are sealed. */
export class ColumnsBuilder {
  readonly times: number[] = [];
  readonly actions = new Coder();
  readonly actors = new Coder();
  readonly actorTypes = new Coder();
  readonly targetTypes = new Coder();
  readonly #targetIdHashes: number[] = [];
  readonly #targetStarts: number[] = [0];

  get count(): number {
    return this.times.length;
  }

  /** How large the dictionaries have become, in characters. */
  get dictionaryCharacters(): number {
    return [this.actions, this.actors, this.actorTypes, this.targetTypes].reduce(
      (sum, coder) => sum + coder.characters,
      0,
    );
  }

  add(event: AuditEvent): void {
    this.times.push(Date.parse(event.occurred_at));
    this.actions.add(event.action);
    this.actors.add(event.actor.id);
    this.actorTypes.add(event.actor.type);
    for (const target of event.targets) {
      this.targetTypes.add(target.type);
      this.#targetIdHashes.push(hashText(target.id));
    }
    this.#targetStarts.push(this.#targetIdHashes.length);
  }

  get targets(): TargetColumns {
    return {
      starts: Uint32Array.from(this.#targetStarts),
      types: this.targetTypes.column(),
      idHashes: Uint32Array.from(this.#targetIdHashes),
    };
  }

  encode(): Record<VectorName, Uint8Array> {
    const { starts, types, idHashes } = this.targets;
    return {
      times: pack(bytesOf(Float64Array.from(this.times))),
      actions: pack(...codedParts(this.actions.column())),
      actors: pack(...codedParts(this.actors.column())),
      actorTypes: pack(...codedParts(this.actorTypes.column())),
      targets: pack(bytesOf(starts), bytesOf(idHashes), ...codedParts(types)),
    };
  }
}

/** Gives each new text the next code. */
class Coder {
  readonly #codeOf = new Map<string, number>();
  readonly #codes: number[] = [];
  characters = 0;

  add(text: string): void {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
      this.characters += text.length;
    }
    this.#codes.push(code);
  }

  column(): CodedColumn {
    const dictionary = Array.from(this.#codeOf.keys(), (value) => JSON.stringify(value)).join("\n");
    return new CodedColumn(dictionary, Uint16Array.from(this.#codes));
  }
}

/** 32-bit FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export function decodeTimes(bytes: Uint8Array): Float64Array {
  const [times] = unpack(bytes);
  return new Float64Array(bufferOf(times));
}

export function decodeCoded(bytes: Uint8Array): CodedColumn {
  return codedOf(unpack(bytes));
}

export function decodeTargets(bytes: Uint8Array): TargetColumns {
  const [starts, idHashes, ...types] = unpack(bytes);
  return {
    starts: new Uint32Array(bufferOf(starts)),
    idHashes: new Uint32Array(bufferOf(idHashes)),
    types: codedOf(types),
  };
}

function codedParts({ dictionary, codes }: CodedColumn): Uint8Array[] {
  return [new TextEncoder().encode(dictionary), bytesOf(codes)];
}

function codedOf([dictionary, codes]: readonly Uint8Array[]): CodedColumn {
  return new CodedColumn(new TextDecoder().decode(dictionary), new Uint16Array(bufferOf(codes)));
}

function bytesOf(view: Float64Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A copy of its own, because a typed array must begin at a multiple of its item size. */
function bufferOf(bytes: Uint8Array | undefined): ArrayBuffer {
  return new Uint8Array(bytes ?? []).buffer;
}

/** Parts behind one another, each after its length, as one zstd frame. */
function pack(...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + 4 + part.byteLength, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.byteLength, true);
    bytes.set(part, at + 4);
    at += 4 + part.byteLength;
  }
  return zstdCompressSync(bytes, LEVEL);
}

function unpack(packed: Uint8Array): Uint8Array[] {
  const bytes = zstdDecompressSync(packed);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const length = view.getUint32(at, true);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}
