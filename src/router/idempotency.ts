/** `Idempotency-Key` on requests that make a resource. Events have a window of their own (`log/idempotency.ts`). */
import { readIdempotencyKey } from "../contract/append.ts";
import { ok, type Result } from "../kernel/result.ts";
import { sha256Hex } from "../kernel/sha256.ts";
import type { Made } from "../objects/directory/directory-rpc.ts";
import type { Principal } from "./auth/access.ts";
import type { HttpContext } from "./http.ts";

export function idempotencyKeyOf(context: HttpContext): Result<string | undefined> {
  return readIdempotencyKey(context.req.header("idempotency-key"), "Idempotency-Key");
}

/**
 * The name of a request: the same for the same caller, key, route and input, and of no other. Undefined without a key.
 *
 * @param input what was sent, as plain data.
 */
export function requestNameOf(
  context: HttpContext,
  { actor }: Principal,
  input: unknown,
): Result<string | undefined> {
  const key = idempotencyKeyOf(context);
  return key.ok && key.value !== undefined
    ? ok(sha256Hex(JSON.stringify([actor.id, key.value, context.req.path, input])))
    : key;
}

/** 201 with what was made, now or by the first of these requests. */
export function answerMade<T extends object>(context: HttpContext, made: Made<T>): Response {
  if (made.isReplay) {
    context.header("Idempotency-Replayed", "true");
  }
  return context.json(made.resource, 201);
}
