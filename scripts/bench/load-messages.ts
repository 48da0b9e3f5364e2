/** What the benchmark and its load process say to each other. Plain data, because it crosses a process boundary. */

/** What every request of one run is. */
export type Kind =
  | "noop"
  | "rpc"
  | "noop-route"
  | "rpc-route"
  | "carry"
  | PartialKind
  | "single"
  | "batch";

/** Appends that go only a part of the way. */
export type PartialKind = "answered" | "carried" | "unchecked";

/** One order to the load process: send requests of one kind, as fast as they are answered or at a pace, for some time. */
export interface LoadOrder {
  readonly kind: Kind;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string;
  readonly organizationId: string;
  readonly connections: number;
  readonly seconds: number;
  /** How long each connection rests after an answer. */
  readonly pauseMs?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly events: number;
  readonly elapsedMs: number;
  /** Milliseconds from a request's first byte to its answer's last. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU that the load process itself took. */
  readonly loadCpuMicros: number;
}

export type LoadMessage =
  | { readonly type: "done"; readonly result: LoadResult }
  | { readonly type: "failed"; readonly message: string };
