/**
 * Which test holds which promise of the contract. Rows are the routes of the document, and the rules that hold for
 * more than one of them. `traceability.test.ts` fails when a route has no row, or a row names a test that is not there.
 */

export interface Proof {
  /** Below `test/`. */
  readonly file: string;
  /** The title of a test, or a part of it. */
  readonly title: string;
}

function proof(file: string, title: string): Proof {
  return { file, title };
}

const LOOK_UPS = "server/directory-look-ups.test.ts";
const SCHEMAS = "server/action-schemas.test.ts";
const SDK_EVENTS = "server/workos-sdk/events.test.ts";
const SDK_MORE = "server/workos-sdk/schemas-exports-portal.test.ts";
const SDK_ORGANIZATIONS = "server/workos-sdk/organizations.test.ts";
const SDK_FAILURES = "server/workos-sdk/failures.test.ts";

/** Every route has the authorization tests besides, which also hold its answers against the document. */
export const ROUTE_PROOFS: Readonly<Record<string, readonly Proof[]>> = {
  "POST /audit_logs/events": [
    proof(SDK_EVENTS, "an event is read back as it was sent"),
    proof("server/one-event.test.ts", "is read back with everything that was sent"),
  ],
  "POST /audit_logs/events/batch": [
    proof("server/idempotency.test.ts", "a batch sent again gets its first answer"),
    proof(SCHEMAS, "refuses a whole batch for one event, and names that event"),
  ],
  "GET /audit_logs/events": [
    proof("server/reading.test.ts", "forwards and back again, %s, each event once"),
    proof(
      "server/reading.test.ts",
      "while new events arrive, each event that was there is seen once",
    ),
  ],
  "GET /audit_logs/events/stats": [
    proof("worker/search.test.ts", "statistics count every event once, by time and by value"),
  ],
  "GET /audit_logs/events/{id}": [
    proof(
      "server/one-event.test.ts",
      "of another organization, or with another random part, is 404",
    ),
  ],
  "GET /audit_logs/tail": [
    proof("server/tail-resume.test.ts", "across kill -9, while others write"),
    proof("server/tail.test.ts", "events as they are stored, each as the API gives it"),
  ],
  "POST /audit_logs/tail/tickets": [
    proof("server/tail-tickets.test.ts", "a ticket alone opens the tail of its organization"),
  ],
  "GET /audit_logs/actions": [
    proof(SCHEMAS, "is listed among the actions of the organization that has it"),
  ],
  "POST /audit_logs/actions/{action}/schemas": [
    proof(SDK_MORE, "a schema is created in versions, and comes back in the SDK's own words"),
    proof(SCHEMAS, "binds the next event, and says which field broke which rule"),
  ],
  "GET /audit_logs/actions/{action}/schemas": [
    proof(SDK_MORE, "lists the versions of a schema, all of them by autoPagination"),
  ],
  "GET /audit_logs/actions/{action}/schemas/inferred": [
    proof(SCHEMAS, "has a schema proposed from what was seen, which then binds"),
    proof("unit/schemas/conformance.test.ts", "every event that it was inferred from fits it"),
  ],
  "POST /audit_logs/exports": [
    proof(SDK_MORE, "an export is created, and fetched until it is ready"),
    proof(SDK_MORE, "an export of a reversed range is BadRequestException with WorkOS's code"),
  ],
  "GET /audit_logs/exports": [
    proof("worker/exports.test.ts", "is listed with its organization, and gone when it is deleted"),
  ],
  "GET /audit_logs/exports/{id}": [
    proof(SDK_MORE, "an export that nobody made is NotFoundException"),
  ],
  "DELETE /audit_logs/exports/{id}": [
    proof("worker/exports.test.ts", "is listed with its organization, and gone when it is deleted"),
  ],
  "GET /audit_logs/exports/{id}/file": [
    proof(SDK_MORE, "with a URL that downloads it"),
    proof("server/api/authorization.test.ts", "wants a signature, even of root"),
  ],
  "GET /audit_logs/exports/{id}/manifest": [
    proof("worker/exports.test.ts", "says what the file is in a manifest"),
  ],
  "POST /organizations": [proof(SDK_EVENTS, "organizations are created, read and listed")],
  "GET /organizations": [
    proof(SDK_EVENTS, "all organizations are walked by autoPagination, each once"),
  ],
  "GET /organizations/external_id/{external_id}": [
    proof(SDK_ORGANIZATIONS, "an organization is found by its external id"),
  ],
  "GET /organizations/{id}": [
    proof("server/organizations.test.ts", "is found by its id and by its external id"),
  ],
  "PUT /organizations/{id}": [
    proof(SDK_ORGANIZATIONS, "an organization is changed, metadata name by name"),
  ],
  "DELETE /organizations/{id}": [
    proof(
      SDK_ORGANIZATIONS,
      "a deleted organization is NotFoundException, whatever is asked of it",
    ),
  ],
  "GET /organizations/{id}/audit_logs_retention": [proof(SDK_EVENTS, "retention is read and set")],
  "PUT /organizations/{id}/audit_logs_retention": [
    proof(SDK_EVENTS, "retention is read and set"),
    proof(SDK_EVENTS, "a retention that is none is UnprocessableEntityException"),
  ],
  "GET /organizations/{id}/audit_log_configuration": [
    proof(
      "worker/retention.test.ts",
      "the configuration of an audit log is told as WorkOS tells it",
    ),
  ],
  "POST /api_keys": [proof("server/keys.test.ts", "is shown once, when it is made")],
  "GET /api_keys": [
    proof("server/key-rotation.test.ts", "keys of an organization are listed by it"),
  ],
  "GET /api_keys/{id}": [proof("server/key-rotation.test.ts", "a key says when it was used last")],
  "DELETE /api_keys/{id}": [
    proof("server/keys.test.ts", "for a key that was revoked before it was ever used"),
  ],
  "POST /api_keys/{id}/rotate": [
    proof("server/key-rotation.test.ts", "the former works on for a day unless told otherwise"),
  ],
  "POST /token_issuers": [proof("server/jwt.test.ts", "reads the log of their organization")],
  "GET /token_issuers": [proof("server/jwt.test.ts", "are made, listed, shown and deleted")],
  "GET /token_issuers/{id}": [proof("server/jwt.test.ts", "are made, listed, shown and deleted")],
  "DELETE /token_issuers/{id}": [proof("server/jwt.test.ts", "what is deleted lets nobody in")],
  "POST /portal/generate_link": [
    proof(SDK_MORE, "a portal link is generated by either SDK, under its own name for it"),
  ],
  "POST /portal/session": [
    proof("worker/portal.test.ts", "works once, and who comes second is told so"),
    proof("worker/portal.test.ts", "opens a session of its organization, and nothing else"),
  ],
  "GET /session": [
    proof("server/api/authorization.test.ts", "GET /session tells whoever is known who they are"),
  ],
  "DELETE /session": [
    proof("worker/portal.test.ts", "ends with a logout at once, and can be ended twice"),
  ],
  "GET /metrics": [
    proof("server/metrics.test.ts", "counts requests, stored events, replays, limits"),
    proof("server/metrics.test.ts", "what clients make up does not become a label"),
  ],
  "GET /health": [proof("server/api/authorization.test.ts", "GET /health answers anybody")],
};

/** Promises that are not of one route. */
export const RULE_PROOFS: Readonly<Record<string, readonly Proof[]>> = {
  "one document, generated from the schemas, at /openapi.json": [
    proof("server/reference.test.ts", "everybody reads the OpenAPI document, without a key"),
    proof("worker/openapi.test.ts", "every route is in the document, and no other"),
  ],
  "answers are those of the document; never a 5xx, a body that is no JSON, or a stack": [
    proof("server/api/fuzz.test.ts", "whatever its body is"),
    proof("server/api/fuzz.test.ts", "whatever its path and query are"),
  ],
  "every answer carries X-Request-Id": [
    proof(SDK_EVENTS, "an error carries the request id of the answer"),
  ],
  "400 invalid_request: strict JSON": [
    proof(
      "unit/kernel/json.test.ts",
      "a text is accepted exactly when it holds to RFC 8259 and I-JSON",
    ),
  ],
  "400 invalid_audit_log_event: BadRequestException with errors by field": [
    proof(SDK_EVENTS, "an invalid event is BadRequestException, with the errors by field"),
  ],
  "401: UnauthorizedException": [proof(SDK_EVENTS, "a wrong key is UnauthorizedException")],
  "403: GenericServerException": [
    proof(SDK_EVENTS, "a key without the scope is GenericServerException with status 403"),
  ],
  "404: NotFoundException, and another organization's is not told from none": [
    proof(SDK_EVENTS, "an organization that must not be created is NotFoundException"),
    proof("server/api/authorization.test.ts", "word for word as for one that nobody knows"),
  ],
  "409: ConflictException": [
    proof(SDK_EVENTS, "an external id that is taken is ConflictException"),
  ],
  "413: GenericServerException that says the limit": [
    proof(SDK_EVENTS, "an event that is too large is GenericServerException with status 413"),
  ],
  "422: UnprocessableEntityException": [
    proof(SDK_MORE, "a schema that cannot be is UnprocessableEntityException"),
  ],
  "429: RateLimitExceededException with retryAfter": [
    proof(SDK_FAILURES, "shows a rate limit at once, as RateLimitExceededException"),
    proof(SDK_FAILURES, "waits as Retry-After says and sends again what met a rate limit"),
  ],
  "502 tenant_unavailable is retried by both SDKs": [
    proof(SDK_FAILURES, "sends an event again that met a busy log, and it is stored once"),
  ],
  "502 directory_unavailable, for what is not remembered; the Directory is asked once in 30 seconds":
    [
      proof(LOOK_UPS, "keys that it confirmed in the last five minutes go on writing"),
      proof(LOOK_UPS, "many requests with one key at once ask the Directory once"),
    ],
  "500: GenericServerException": [
    proof(SDK_FAILURES, "shows a bug as GenericServerException, with its message"),
  ],
  "an idempotency key makes two calls one event": [
    proof(SDK_EVENTS, "an idempotency key makes two calls one event"),
  ],
  "an idempotency key makes two calls one organization, schema or export": [
    proof(SDK_ORGANIZATIONS, "an idempotency key makes two calls one organization"),
    proof("server/organizations.test.ts", "is made once by requests with one idempotency key"),
    proof(SCHEMAS, "is made once by requests with one idempotency key"),
  ],
  "an unknown version is 400; without one the newest counts": [
    proof(SCHEMAS, "has no version but those that were made"),
    proof(SCHEMAS, "checks an event by the version that it names, and by the newest"),
  ],
  "a live tail ends with the credential that opened it": [
    proof("worker/tail-revocation.test.ts", "ends at once when the key is revoked"),
    proof("worker/tail-revocation.test.ts", "is sent nothing 30 seconds after the key was revoked"),
    proof("worker/tail-revocation.test.ts", "ends at once when its holder logs out"),
    proof("worker/portal.test.ts", "sees nothing that comes after its end"),
  ],
  "who guesses credentials is slowed, and nobody who is known": [
    proof("server/rate-limits.test.ts", "an address that tries many keys is slowed"),
    proof("server/rate-limits.test.ts", "where clients cannot be told apart, guessing waits"),
  ],
  REQUIRE_SCHEMAS: [proof(SCHEMAS, "refuses an action until it has a schema")],
};
