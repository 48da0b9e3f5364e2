/** The `Range` of a request, as RFC 9110 §14 has it, for one range of bytes. */
import type { ByteRange } from "../../blob/blob-store.ts";

const RANGE = /^bytes=\s*(?<first>\d{0,15})-(?<last>\d{0,15})\s*$/i;

/**
 * The bytes that are asked for. Undefined for the whole: without the header, and for what we do not know or do not
 * serve, such as several ranges, which a server may answer as a whole.
 *
 * @param size of the whole, in bytes.
 */
export function readRange(
  header: string | undefined,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const { first = "", last = "" } = RANGE.exec(header ?? "")?.groups ?? {};
  if (first === "" && last === "") {
    return undefined;
  }
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { offset: size - length, length };
  }
  const offset = Number(first);
  const end = last === "" ? size : Number(last) + 1;
  if (end <= offset && last !== "") {
    return undefined;
  }
  return offset >= size ? "unsatisfiable" : { offset, length: Math.min(end, size) - offset };
}
