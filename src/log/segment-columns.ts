/** The columns of a stored segment: a query reads and decodes those alone that it asks for. */
import type { CodedColumn } from "./coded-column.ts";
import type { Columns, TargetColumns } from "./columns.ts";
import type { SegmentInfo } from "./segments.ts";
import {
  decodeActors,
  decodeCoded,
  decodeTargets,
  decodeTimes,
  type VectorName,
} from "./vector-codec.ts";

/** The columns of one segment, each read and decoded when it is first asked for. */
export class SegmentColumns implements Columns {
  readonly segment: SegmentInfo;
  readonly #find: (name: VectorName) => Uint8Array | undefined;
  readonly #coded = new Map<VectorName, CodedColumn>();
  #times: Float64Array | undefined;
  #targets: TargetColumns | undefined;
  #actors: CodedColumn | undefined;

  constructor(segment: SegmentInfo, find: (name: VectorName) => Uint8Array | undefined) {
    this.segment = segment;
    this.#find = find;
  }

  get count(): number {
    return this.segment.lastSeq - this.segment.firstSeq + 1;
  }

  get times(): Float64Array {
    return (this.#times ??= decodeTimes(this.#read("times")));
  }

  get targets(): TargetColumns {
    return (this.#targets ??= decodeTargets(this.#read("targets"), () => this.#read("targetIds")));
  }

  get actions(): CodedColumn {
    return this.#codedOf("actions");
  }

  get actors(): CodedColumn {
    return (this.#actors ??= decodeActors(
      () => this.#read("actors"),
      () => this.#find("actorNames"),
    ));
  }

  get actorTypes(): CodedColumn {
    return this.#codedOf("actorTypes");
  }

  #read(name: VectorName): Uint8Array {
    const vector = this.#find(name);
    if (vector === undefined) {
      throw new Error(`Segment ${this.segment.id} has no column '${name}'.`);
    }
    return vector;
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
