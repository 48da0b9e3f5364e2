/** The one place where a failure becomes an HTTP answer. The body is the same for every error (contract, "Errors"). */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { FailureAnswer } from "../contract/failure-answer.ts";
import type { Failure, FailureCode } from "../kernel/failure.ts";
import type { HttpContext } from "./http.ts";
import { metrics } from "./metrics.ts";
import { tellRateLimits } from "./rate-limit-headers.ts";

/** 502 and not 503 for a busy log: older WorkOS SDKs try 408, 500, 502 and 504 again, and not 503. */
export const STATUS: Readonly<Record<FailureCode, ContentfulStatusCode>> = {
  invalid_request: 400,
  invalid_audit_log_event: 400,
  invalid_audit_log_export_range_date: 400,
  authentication_required: 401,
  invalid_api_key: 401,
  invalid_token: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unprocessable_entity: 422,
  rate_limit_exceeded: 429,
  internal_error: 500,
  not_configured: 501,
  tenant_unavailable: 502,
  directory_unavailable: 502,
  blob_store_unavailable: 502,
  identity_provider_unavailable: 502,
};

export function failureResponse(context: HttpContext, failure: Failure): Response {
  context.set("failureCode", failure.code);
  metrics.failures.add(1, failure.code);
  if (failure.retryAfterSeconds !== undefined) {
    context.header("Retry-After", String(failure.retryAfterSeconds));
  }
  if (failure.rateLimits !== undefined) {
    tellRateLimits(context, failure.rateLimits);
  }
  const { code, message, errors } = failure;
  const body: FailureAnswer = {
    code,
    message: onOneLine(message),
    request_id: context.get("requestId"),
    ...(errors && {
      errors: errors.map((error) => ({ ...error, message: onOneLine(error.message) })),
    }),
  };
  return context.json(body, STATUS[code]);
}

/** Messages quote what the caller named; what would break a line, or turn one around, is shown and not done. */
function onOneLine(message: string): string {
  return message.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
