/**
 * What a query's answer is for the events of a segment, as far as the columns know it.
 *
 * The answer is a bound from above: no event outside it matches. It is exact when the columns alone decide. What the
 * columns do not hold (words, names, metadata) bounds nothing.
 */
import { timeRange } from "../query/ordered-value.ts";
import type { FieldTerm, Query } from "../query/query.ts";
import {
  type CodedColumn,
  type Codes,
  type Columns,
  hashText,
  type TargetColumns,
} from "./columns.ts";
import type { SegmentInfo } from "./segments.ts";
import { decodeCoded, decodeTargets, decodeTimes, type VectorName } from "./vector-codec.ts";

/** One byte an event: 1 where it may match. */
export interface Bound {
  readonly bits: Uint8Array;
  readonly isExact: boolean;
}

/** The columns of one segment, each read and decoded when it is first asked for. */
export class SegmentColumns implements Columns {
  readonly segment: SegmentInfo;
  readonly #read: (name: VectorName) => Uint8Array;
  readonly #coded = new Map<VectorName, CodedColumn>();
  #times: Float64Array | undefined;
  #targets: TargetColumns | undefined;

  constructor(segment: SegmentInfo, read: (name: VectorName) => Uint8Array) {
    this.segment = segment;
    this.#read = read;
  }

  get count(): number {
    return this.segment.lastSeq - this.segment.firstSeq + 1;
  }

  get times(): Float64Array {
    return (this.#times ??= decodeTimes(this.#read("times")));
  }

  get targets(): TargetColumns {
    return (this.#targets ??= decodeTargets(this.#read("targets")));
  }

  get actions(): CodedColumn {
    return this.#codedOf("actions");
  }

  get actors(): CodedColumn {
    return this.#codedOf("actors");
  }

  get actorTypes(): CodedColumn {
    return this.#codedOf("actorTypes");
  }

  #codedOf(name: VectorName): CodedColumn {
    let column = this.#coded.get(name);
    if (column === undefined) {
      column = decodeCoded(this.#read(name));
      this.#coded.set(name, column);
    }
    return column;
  }
}

/** Undefined when the columns know nothing of the query. */
export function boundOf(query: Query, columns: SegmentColumns): Bound | undefined {
  switch (query.kind) {
    case "all":
      return { bits: new Uint8Array(columns.count).fill(1), isExact: true };
    case "field":
      return boundOfField(query, columns);
    case "and":
      return intersectAll(query.of, columns);
    case "or":
      return unite(query.of.map((part) => boundOf(part, columns)));
    case "not":
      return complement(boundOf(query.of, columns));
    case "text":
      return undefined;
  }
}

function boundOfField(term: FieldTerm, columns: SegmentColumns): Bound | undefined {
  switch (term.field) {
    case "action":
      return ofCodes(columns.actions, term);
    case "actor.id":
      return ofCodes(columns.actors, term);
    case "actor.type":
      return ofCodes(columns.actorTypes, term);
    case "target.type":
      return ofTargetTypes(columns.targets, term);
    case "target.id":
      return term.op === "is" ? ofTargetId(columns.targets, term.value) : undefined;
    case "occurred_at":
      return ofTimes(columns.times, term);
    default:
      return undefined;
  }
}

function ofCodes(column: CodedColumn, term: FieldTerm): Bound | undefined {
  if (term.op === "is") {
    return ofCode(column.codes, column.codeOf(term.value));
  }
  const wanted = wantedCodes(column.values, term);
  if (wanted === undefined) {
    return undefined;
  }
  const bits = new Uint8Array(column.codes.length);
  for (let event = 0; event < bits.length; event++) {
    bits[event] = wanted[column.codes[event] ?? 0] ?? 0;
  }
  return { bits, isExact: true };
}

function ofCode(codes: Codes, wanted: number | undefined): Bound {
  const bits = new Uint8Array(codes.length);
  if (wanted !== undefined) {
    for (let event = 0; event < codes.length; event++) {
      if (codes[event] === wanted) {
        bits[event] = 1;
      }
    }
  }
  return { bits, isExact: true };
}

function ofTargetTypes({ starts, types }: TargetColumns, term: FieldTerm): Bound | undefined {
  const wanted = wantedCodes(types.values, term);
  return wanted && someTarget(starts, (target) => wanted[types.codes[target] ?? 0] === 1, true);
}

function ofTargetId({ starts, idHashes }: TargetColumns, id: string): Bound {
  const hash = hashText(id);
  return someTarget(starts, (target) => idHashes[target] === hash, false);
}

function someTarget(
  starts: Uint32Array,
  isWanted: (target: number) => boolean,
  isExact: boolean,
): Bound {
  const bits = new Uint8Array(starts.length - 1);
  for (let event = 0; event < bits.length; event++) {
    const end = starts[event + 1] ?? 0;
    for (let target = starts[event] ?? 0; target < end; target++) {
      if (isWanted(target)) {
        bits[event] = 1;
        break;
      }
    }
  }
  return { bits, isExact };
}

function ofTimes(times: Float64Array, term: FieldTerm): Bound | undefined {
  const range = timeRange(term);
  if (range === undefined) {
    return undefined;
  }
  const bits = new Uint8Array(times.length);
  for (let event = 0; event < bits.length; event++) {
    const time = times[event] ?? 0;
    bits[event] = time >= range.from && time < range.to ? 1 : 0;
  }
  return { bits, isExact: true };
}

function wantedCodes(values: readonly string[], { op, value }: FieldTerm): Uint8Array | undefined {
  if (op !== "is" && op !== "prefix") {
    return undefined;
  }
  return Uint8Array.from(values, (candidate) =>
    (op === "is" ? candidate === value : candidate.startsWith(value)) ? 1 : 0,
  );
}

/** Stops at the first part that leaves no event, so that further columns need not be read. */
function intersectAll(parts: readonly Query[], columns: SegmentColumns): Bound | undefined {
  const bounds: (Bound | undefined)[] = [];
  for (const part of parts) {
    const bound = boundOf(part, columns);
    if (bound !== undefined && !bound.bits.includes(1)) {
      return { bits: bound.bits, isExact: true };
    }
    bounds.push(bound);
  }
  return intersect(bounds);
}

function intersect(bounds: readonly (Bound | undefined)[]): Bound | undefined {
  const known = bounds.filter((bound) => bound !== undefined);
  const [first, ...others] = known;
  if (first === undefined) {
    return undefined;
  }
  for (const { bits } of others) {
    for (let event = 0; event < bits.length; event++) {
      first.bits[event] = (first.bits[event] ?? 0) & (bits[event] ?? 0);
    }
  }
  const isExact = known.length === bounds.length && known.every((bound) => bound.isExact);
  return { bits: first.bits, isExact };
}

function unite(bounds: readonly (Bound | undefined)[]): Bound | undefined {
  const known = bounds.filter((bound) => bound !== undefined);
  const [first, ...others] = known;
  if (first === undefined || known.length < bounds.length) {
    return undefined;
  }
  for (const { bits } of others) {
    for (let event = 0; event < bits.length; event++) {
      first.bits[event] = (first.bits[event] ?? 0) | (bits[event] ?? 0);
    }
  }
  return { bits: first.bits, isExact: known.every((bound) => bound.isExact) };
}

/** Only an exact answer can be turned round. */
function complement(bound: Bound | undefined): Bound | undefined {
  if (bound === undefined || !bound.isExact) {
    return undefined;
  }
  return { bits: bound.bits.map((bit) => 1 - bit), isExact: true };
}
