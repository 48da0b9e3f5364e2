/** W3C Trace Context (https://www.w3.org/TR/trace-context/): joins the caller's trace, or begins one. */

export interface Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: this hop. */
  readonly spanId: string;
}

const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-|$)/;

/** A request without a valid `traceparent` begins a trace that is named after it. */
export function traceOf(traceparent: string | undefined, requestId: string): Trace {
  const hex = requestId.replaceAll("-", "");
  const traceId = TRACEPARENT.exec(traceparent ?? "")?.[1] ?? hex;
  // The last 16 digits of a UUIDv7 are its random part.
  return { traceId, spanId: hex.slice(16) };
}
