/** What is measured of ingestion, in the order in which it takes turns. */
import type { Kind, LoadResult } from "./load-messages.ts";

export interface Scenario {
  readonly name: string;
  readonly kind: Kind;
  readonly connections: number;
  readonly seconds: number;
  /** Apart, so that rows of single events and of batches are not mixed in one log. */
  readonly organizationId: string;
  readonly storesEvents?: boolean;
  /** Served by the second server, which logs errors only. */
  readonly isQuiet?: boolean;
}

export interface Measurement extends LoadResult {
  readonly serverCpuMicros: number;
  /** CPU of everything on the machine that is neither the server nor the load: how disturbed the figures are. */
  readonly otherCpuMicros: number;
}

/** Per scenario, one measurement for each round. */
export type Measurements = ReadonlyMap<Scenario, readonly Measurement[]>;

const SINGLES = { connections: 64, organizationId: "org_bench_single" };
const BATCHES = { connections: 4, organizationId: "org_bench_batch" };

// Events are sent for longer, because a full garbage collection comes every few seconds and has to be in every round.
export const NOOP: Scenario = {
  name: "no-op, without the router",
  kind: "noop",
  seconds: 1.5,
  ...SINGLES,
};
export const RPC: Scenario = {
  name: "empty RPC, without the router",
  kind: "rpc",
  seconds: 2.5,
  ...SINGLES,
};
export const NOOP_ROUTE: Scenario = {
  name: "no-op route, logged",
  kind: "noop-route",
  seconds: 1.5,
  ...SINGLES,
};
/** It asks for the organization's retention, so it comes after a scenario that makes the organization. */
export const RPC_ROUTE: Scenario = {
  name: "empty RPC route, authenticated and logged",
  kind: "rpc-route",
  seconds: 2.5,
  ...SINGLES,
};
export const CARRY: Scenario = {
  name: "RPC that carries an event",
  kind: "carry",
  seconds: 2.5,
  ...SINGLES,
};
export const ANSWERED: Scenario = {
  name: "single event, only read, logged and answered",
  kind: "answered",
  seconds: 2.5,
  ...SINGLES,
};
export const CARRIED: Scenario = {
  name: "single event, carried in a shared call, not stored",
  kind: "carried",
  seconds: 2.5,
  ...SINGLES,
};
export const UNCHECKED: Scenario = {
  name: "single event, neither authenticated nor validated",
  kind: "unchecked",
  seconds: 4,
  storesEvents: true,
  connections: 64,
  organizationId: "org_bench_unchecked",
};
export const SINGLE: Scenario = {
  name: "single event",
  kind: "single",
  seconds: 4,
  storesEvents: true,
  ...SINGLES,
};
export const QUIET: Scenario = { ...SINGLE, name: "single event, logs errors only", isQuiet: true };
export const BATCH: Scenario = {
  name: "batch of 1,000",
  kind: "batch",
  seconds: 2.5,
  storesEvents: true,
  ...BATCHES,
};
export const SCENARIOS = [
  NOOP,
  RPC,
  NOOP_ROUTE,
  CARRY,
  ANSWERED,
  CARRIED,
  UNCHECKED,
  SINGLE,
  RPC_ROUTE,
  QUIET,
  BATCH,
];
