/**
 * The codec of a segment's columns: each is a vector of its own, so that a query reads only those that it needs.
 *
 * A vector is a byte that says how it is kept (plain or zstd), the plain size in 32 bits, and parts behind one another,
 * each after its length. The first segments were kept as bare zstd frames with wider items; they are still read.
 */
import { BitPlanes, type Codes } from "./bit-planes.ts";
import { CodedColumn } from "./coded-column.ts";
import type { Columns, TargetColumns } from "./columns.ts";
import { shortHashes } from "./hash-text.ts";
import { compress, decompress } from "./zstd.ts";

/** What is large and not always asked for is a vector of its own: the names of actors, the hashes of targets' ids. */
export const VECTOR_NAMES = [
  "times",
  "actions",
  "actors",
  "actorTypes",
  "targets",
  "targetIds",
  "actorNames",
] as const;
export type VectorName = (typeof VECTOR_NAMES)[number];

const PLAIN = 1;
const ZSTD = 2;
/** A dictionary, how many codes there are, and their planes. */
const TYPES_PARTS = 3;
/** How a bare zstd frame begins. */
const LEGACY = 0x28;
/** Those frames were about a third of what they held. */
const LEGACY_RATIO = 4;
export const VECTOR_HEAD_BYTES = 5;
/** Starting zstd takes longer than reading some kilobytes. */
const PLAIN_BYTES_MAX = 16_384;
/** What zstd makes no smaller than this part of it is kept plain: it is read in a third of the time. */
const COMPRESSED_SHARE_MAX = 0.8;

const PARTS: { readonly [Name in VectorName]: (columns: Columns) => Uint8Array[] } = {
  times: ({ times }) => timeParts(times),
  actions: ({ actions }) => codedParts(actions),
  actors: ({ actors }) => [...codesParts(actors.codes), bytesOf(shortHashes(actors.texts))],
  actorNames: ({ actors }) => [new TextEncoder().encode(actors.dictionary)],
  actorTypes: ({ actorTypes }) => codedParts(actorTypes),
  targets: ({ targets }) => [countsOf(targets.starts), ...codedParts(targets.types)],
  targetIds: ({ targets }) => [bytesOf(targets.idHashes)],
};

/** Asks for no other column than the vector's own. */
export function encodeVector(name: VectorName, columns: Columns): Uint8Array {
  return pack(PARTS[name](columns));
}

/** All vectors of a small segment behind one another: itself a vector, never compressed, because what is large in it is. */
export function packVectors(vectors: ReadonlyMap<VectorName, Uint8Array>): Uint8Array {
  return pack(
    VECTOR_NAMES.map((name) => vectors.get(name) ?? new Uint8Array()),
    Infinity,
  );
}

export function unpackVectors(packed: Uint8Array): ReadonlyMap<VectorName, Uint8Array> {
  const parts = unpack(packed);
  return new Map(VECTOR_NAMES.map((name, number) => [name, parts[number] ?? new Uint8Array()]));
}

/** Times alone, compressed also when they are few. */
export function encodeTimes(times: Float64Array): Uint8Array {
  return pack(timeParts(times), 0);
}

export function decodeTimes(bytes: Uint8Array): Float64Array {
  const [head, differences] = unpack(bytes);
  if (isLegacy(bytes)) {
    return new Float64Array(bufferOf(head));
  }
  const [first = 0, itemBytes] = new Float64Array(bufferOf(head));
  const items = integersOf(differences, itemBytes ?? 0);
  const times = new Float64Array(items.length);
  let time = first;
  for (let index = 0; index < items.length; index++) {
    time += items[index] ?? 0;
    times[index] = time;
  }
  return times;
}

export function decodeCoded(bytes: Uint8Array): CodedColumn {
  return codedOf(unpack(bytes), isLegacy(bytes));
}

/**
 * A column whose dictionary is a vector of its own, with hashes beside the codes that often spare reading it.
 *
 * @param readCodes gives the vector of the codes, when they are asked for.
 * @param readNames gives that of the dictionary. Older segments have none: it stands before their codes.
 */
export function decodeActors(
  readCodes: () => Uint8Array,
  readNames: () => Uint8Array | undefined,
): CodedColumn {
  let known: CodedParts | undefined;
  const parts = () => (known ??= actorParts(readCodes()));
  return new CodedColumn({
    dictionary() {
      const names = readNames();
      return textOf(names === undefined ? parts().dictionary : unpack(names)[0]);
    },
    codes: () => codesOf(parts()),
    hashes() {
      const { hashes } = parts();
      return hashes && new Uint16Array(bufferOf(hashes));
    },
  });
}

/** The parts of a vector of codes. */
interface CodedParts {
  readonly dictionary?: Uint8Array | undefined;
  readonly head: Uint8Array | undefined;
  readonly items: Uint8Array | undefined;
  readonly hashes?: Uint8Array | undefined;
}

/** Older segments have the dictionary before the codes, as other columns do. */
function actorParts(bytes: Uint8Array): CodedParts {
  const parts = unpack(bytes);
  if (isLegacy(bytes) || (parts.length === TYPES_PARTS && parts[1]?.byteLength === 1)) {
    return partsOf(parts, isLegacy(bytes));
  }
  const [head, items, hashes] = parts;
  return { head, items, hashes };
}

/** @param readIds gives the vector of the targets' ids. It is asked when they are. */
export function decodeTargets(bytes: Uint8Array, readIds: () => Uint8Array): TargetColumns {
  const [counts, ...others] = unpack(bytes);
  // Older segments have the hashes here.
  const hasIds = isLegacy(bytes) || others.length > TYPES_PARTS;
  const ids = hasIds ? others.shift() : undefined;
  let starts: Uint32Array | undefined;
  let idHashes: Uint32Array | undefined;
  return {
    get starts() {
      return (starts ??= isLegacy(bytes) ? new Uint32Array(bufferOf(counts)) : startsOf(counts));
    },
    types: codedOf(others, isLegacy(bytes)),
    get idHashes() {
      return (idHashes ??= new Uint32Array(bufferOf(ids ?? unpack(readIds())[0])));
    },
  };
}

/** The size of a vector before compression, by its beginning and its size: about, for the first segments. */
export function plainSize(head: Uint8Array, bytes: number): number {
  return isLegacy(head) ? bytes * LEGACY_RATIO : viewOf(head).getUint32(1, true);
}

function isLegacy(bytes: Uint8Array): boolean {
  return bytes[0] === LEGACY;
}

/** Differences between neighbours, in the smallest integers that hold them all. */
function timeParts(times: Float64Array): Uint8Array[] {
  const [first = 0] = times;
  const differences = new Float64Array(times.length);
  let last = first;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] ?? 0;
    differences[index] = time - last;
    last = time;
  }
  const itemBytes = integerBytes(differences);
  const head = Float64Array.of(first, itemBytes);
  return [bytesOf(head), bytesOf(new ARRAYS[itemBytes](differences))];
}

type IntegerBytes = 1 | 2 | 4 | 8;
const ARRAYS = { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: Float64Array } as const;

function integerBytes(values: Float64Array): IntegerBytes {
  let most = 0;
  for (const value of values) {
    most = Math.max(most, Math.abs(value));
  }
  return most < 2 ** 7 ? 1 : most < 2 ** 15 ? 2 : most < 2 ** 31 ? 4 : 8;
}

function integersOf(bytes: Uint8Array | undefined, itemBytes: number) {
  return new ARRAYS[itemBytes as IntegerBytes](bufferOf(bytes));
}

/** At most 50 targets, so a byte holds how many they are. */
function countsOf(starts: Uint32Array): Uint8Array {
  const counts = new Uint8Array(starts.length - 1);
  for (let event = 0; event < counts.length; event++) {
    counts[event] = (starts[event + 1] ?? 0) - (starts[event] ?? 0);
  }
  return counts;
}

function startsOf(counts: Uint8Array = new Uint8Array()): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let start = 0;
  for (let event = 0; event < counts.length; event++) {
    start += counts[event] ?? 0;
    starts[event + 1] = start;
  }
  return starts;
}

function codedParts({ dictionary, codes }: CodedColumn): Uint8Array[] {
  return [new TextEncoder().encode(dictionary), ...codesParts(codes)];
}

function codesParts(codes: Codes): Uint8Array[] {
  const { count, words } = BitPlanes.of(codes);
  return [bytesOf(Uint32Array.of(count)), bytesOf(words)];
}

function codedOf(bytes: readonly Uint8Array[], hasWideCodes: boolean): CodedColumn {
  const parts = partsOf(bytes, hasWideCodes);
  return new CodedColumn({
    dictionary: () => textOf(parts.dictionary),
    codes: () => codesOf(parts),
  });
}

/** @param hasWideCodes of two bytes, as the first segments have, which do not say so. */
function partsOf(parts: readonly Uint8Array[], hasWideCodes: boolean): CodedParts {
  const [dictionary, head, items] = hasWideCodes ? [parts[0], Uint8Array.of(2), parts[1]] : parts;
  return { dictionary, head, items };
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** The head is how many codes there are, in 32 bits. Older segments have the bytes of a code instead, in one byte. */
function codesOf({ head, items }: CodedParts): Codes | BitPlanes {
  return head?.byteLength === 1
    ? plainCodes(items, head[0])
    : new BitPlanes(new Uint32Array(bufferOf(head))[0] ?? 0, new Uint32Array(bufferOf(items)));
}

/** Codes of one byte are given as two: loops over one kind of array are compiled to far faster code. */
function plainCodes(items: Uint8Array | undefined, itemBytes: number | undefined): Codes {
  const buffer = bufferOf(items);
  switch (itemBytes) {
    case 1:
      return new Uint16Array(new Uint8Array(buffer));
    case 2:
      return new Uint16Array(buffer);
    default:
      return new Uint32Array(buffer);
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A copy of its own, because a typed array must begin at a multiple of its item size. */
function bufferOf(bytes: Uint8Array | undefined): ArrayBuffer {
  return new Uint8Array(bytes ?? []).buffer;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function pack(parts: readonly Uint8Array[], plainBytesMax = PLAIN_BYTES_MAX): Uint8Array {
  const size = parts.reduce((sum, part) => sum + 4 + part.byteLength, 0);
  const plain = new Uint8Array(VECTOR_HEAD_BYTES + size);
  const view = viewOf(plain);
  plain[0] = PLAIN;
  view.setUint32(1, size, true);
  let at = VECTOR_HEAD_BYTES;
  for (const part of parts) {
    view.setUint32(at, part.byteLength, true);
    plain.set(part, at + 4);
    at += 4 + part.byteLength;
  }
  return size <= plainBytesMax ? plain : packed(plain);
}

function packed(plain: Uint8Array): Uint8Array {
  const frame = compress(plain.subarray(VECTOR_HEAD_BYTES));
  if (frame.byteLength > plain.byteLength * COMPRESSED_SHARE_MAX) {
    return plain;
  }
  const bytes = new Uint8Array(VECTOR_HEAD_BYTES + frame.byteLength);
  bytes.set(plain.subarray(0, VECTOR_HEAD_BYTES));
  bytes[0] = ZSTD;
  bytes.set(frame, VECTOR_HEAD_BYTES);
  return bytes;
}

function unpack(packed: Uint8Array): Uint8Array[] {
  const bytes = plainOf(packed);
  const view = viewOf(bytes);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const length = view.getUint32(at, true);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

function plainOf(packed: Uint8Array): Uint8Array {
  if (isLegacy(packed)) {
    return decompress(packed);
  }
  const body = packed.subarray(VECTOR_HEAD_BYTES);
  return packed[0] === PLAIN ? body : decompress(body, plainSize(packed, packed.byteLength));
}
