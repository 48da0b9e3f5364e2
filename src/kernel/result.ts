/**
 * A value or a failure that the caller must handle.
 *
 * Results are plain data, so they cross Durable Object RPC unchanged. Bugs are not failures: they throw.
 */
import type { Failure } from "./failure.ts";

export type Result<T, F = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<F>(failure: F): { readonly ok: false; readonly failure: F } {
  return { ok: false, failure };
}
