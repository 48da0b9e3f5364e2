/**
 * The catalogue of failures a caller of rekishi can meet. Each code is also the `code` of the error body on the wire;
 * `router/failure-response.ts` is the one place that gives it an HTTP status.
 */
import type { RateLimit } from "./rate-limit.ts";

export type FailureCode =
  | "invalid_request"
  | "invalid_audit_log_event"
  | "invalid_audit_log_export_range_date"
  | "authentication_required"
  | "invalid_api_key"
  | "invalid_token"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "payload_too_large"
  | "unprocessable_entity"
  | "rate_limit_exceeded"
  | "tenant_unavailable"
  | "directory_unavailable"
  | "identity_provider_unavailable"
  | "blob_store_unavailable"
  | "not_configured"
  | "internal_error";

/** One broken rule: where (`event.targets[0].type`), which rule, and a sentence a person can act on. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface Failure {
  readonly code: FailureCode;
  /** A sentence for the person who called. It never holds a stack, a secret or another tenant's data. */
  readonly message: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which the same call may succeed. */
  readonly retryAfterSeconds?: number;
  /** The limits that apply to the caller. */
  readonly rateLimits?: readonly RateLimit[];
}

export function failure(
  code: FailureCode,
  message: string,
  errors?: readonly FieldError[],
): { readonly ok: false; readonly failure: Failure } {
  return {
    ok: false,
    failure: errors === undefined ? { code, message } : { code, message, errors },
  };
}

/** A failure of one named field, in the shape every list of field errors uses. */
export function fieldFailure(
  code: FailureCode,
  field: string,
  rule: string,
  message: string,
): { readonly ok: false; readonly failure: Failure } {
  return failure(code, message, [{ field, code: rule, message }]);
}

export function notFound(what: string): { readonly ok: false; readonly failure: Failure } {
  return failure("not_found", `${what} not found.`);
}
