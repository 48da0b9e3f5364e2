/** Values that have an order, and what a comparison with one allows. */
import { DAY_MS } from "../kernel/clock.ts";
import type { FieldTerm } from "./query.ts";

/** From `from`, inclusive, to `to`, exclusive. Times are in milliseconds since the epoch. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const COUNT = /^\d{1,16}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME =
  /^(?<date>[^T]+)T(?<minute>\d\d:\d\d)(?<second>:\d\d(?:\.\d{1,9})?)?(?<offset>Z|[+-]\d\d:\d\d)?$/;

/** A number as JSON writes it, or undefined. */
export function numberOf(value: string): number | undefined {
  const number = NUMBER.test(value) ? Number(value) : Infinity;
  return Number.isFinite(number) ? number : undefined;
}

/** A whole number from 0, or undefined. */
export function countOf(value: string): number | undefined {
  return COUNT.test(value) ? Number(value) : undefined;
}

/** A date or a time in ISO 8601, in UTC unless it has an offset, or undefined. A date is its first millisecond. */
export function timeOf(value: string): number | undefined {
  if (DATE.test(value)) {
    return dateOf(value);
  }
  const { date, minute, second = ":00", offset = "Z" } = TIME.exec(value)?.groups ?? {};
  // Given here, because the engines of browsers read a time without offset as local time.
  const at = Date.parse(`${date}T${minute}${second}${offset}`);
  return date === undefined || dateOf(date) === undefined || Number.isNaN(at) ? undefined : at;
}

/** The times that a condition on a time allows; undefined for a prefix or a value that is no time. */
export function timeRange({ op, value }: FieldTerm): Range | undefined {
  const at = timeOf(value);
  if (at === undefined) {
    return undefined;
  }
  switch (op) {
    case "<":
      return { from: -Infinity, to: at };
    case "<=":
      return { from: -Infinity, to: at + 1 };
    case ">":
      return { from: at + 1, to: Infinity };
    case ">=":
      return { from: at, to: Infinity };
    case "is":
      return { from: at, to: at + (DATE.test(value) ? DAY_MS : 1) };
    default:
      return undefined;
  }
}

/** Days that do not exist are refused: some engines count them on into the next month. */
function dateOf(date: string): number | undefined {
  const at = DATE.test(date) ? Date.parse(`${date}T00:00:00.000Z`) : Number.NaN;
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(date) ? undefined : at;
}
