/** Every bound of rekishi in one place. The wire limits are those of the contract; the rest keep memory bounded. */

/** One event, as canonical JSON in UTF-8. */
export const EVENT_BYTES_MAX = 64 * 1024;
/** The body of `POST /audit_logs/events`: one event with room for white space and escapes. */
export const EVENT_BODY_BYTES_MAX = 256 * 1024;
/** The body of `POST /audit_logs/events/batch`. */
export const BATCH_BODY_BYTES_MAX = 4 * 1024 * 1024;
export const BATCH_EVENTS_MAX = 1_000;
/** The body of every other endpoint. */
export const RESOURCE_BODY_BYTES_MAX = 64 * 1024;
/** Faults listed in the answer to one refused batch. */
export const FIELD_ERRORS_MAX = 20;
/** Nesting of a JSON body; an event needs five levels. */
export const JSON_DEPTH_MAX = 32;

export const EVENTS_PAGE_DEFAULT = 100;
export const EVENTS_PAGE_MAX = 1_000;
export const LIST_PAGE_DEFAULT = 10;
export const LIST_PAGE_MAX = 100;
/** Values of one filter parameter, such as `actions[]`. */
export const FILTER_VALUES_MAX = 100;
/** Values listed for a facet of the statistics. */
export const FACET_VALUES_MAX = 1_000;
/**
 * A tail filter, as JSON. It lives in the socket's attachment, which the platform caps at 16,384 bytes: a text that is
 * not plain Latin-1 takes two for each character there, and what else is in it some hundreds.
 */
export const TAIL_FILTER_CHARACTERS_MAX = 7_000;

export const IDEMPOTENCY_KEY_CHARACTERS_MAX = 255;
export const IDEMPOTENCY_WINDOW_MS = 24 * 60 * 60 * 1_000;

export const RETENTION_DAYS_MIN = 30;
export const RETENTION_DAYS_MAX = 3_650;
export const RETENTION_DAYS_DEFAULT = 365;

/** Appends waiting in one object for the next commit; more are refused with `tenant_unavailable`. */
export const APPEND_QUEUE_BYTES_MAX = 16 * 1024 * 1024;
export const APPEND_QUEUE_EVENTS_MAX = 20_000;
/** Sockets that follow one organization. */
export const TAIL_CONNECTIONS_MAX = 2_000;
/** Events behind the head at which a reader of a live tail that has no backfill to finish is moved to the head. */
export const TAIL_LAG_EVENTS_MAX = 10_000;
export const TAIL_TICKET_SECONDS = 30;
/** How long a tail goes on that was opened with a JWT: pages renew those every minute, and need not reconnect for it. */
export const TAIL_OF_JWT_SECONDS = 60 * 60;

/** How long a portal link can be used. */
export const PORTAL_LINK_SECONDS = 5 * 60;
/** A portal session in a cookie ends after this, and before when nobody used it for the idle time. */
export const PORTAL_SESSION_SECONDS = 24 * 60 * 60;
export const PORTAL_IDLE_SECONDS = 8 * 60 * 60;
/** A portal session as a bearer token, which a page holds in its memory. */
export const PORTAL_TOKEN_SECONDS = 60 * 60;
export const URL_CHARACTERS_MAX = 2_048;
/** Identity providers of an environment. */
export const TOKEN_ISSUERS_MAX = 100;
/** A JWT; what comes in a cookie of an identity provider has less than 4,096 characters. */
export const JWT_CHARACTERS_MAX = 8_192;
/** How far the clocks of an identity provider and of this server may be apart. */
export const JWT_CLOCK_SKEW_SECONDS = 60;

/** How long the former text of a rotated API key goes on working. */
export const KEY_OVERLAP_SECONDS_DEFAULT = 24 * 60 * 60;
export const KEY_OVERLAP_SECONDS_MAX = 30 * 24 * 60 * 60;

/** Exports of one organization that are not forgotten yet. */
export const EXPORTS_MAX = 1_000;
/** How long the URL of a download works. */
export const DOWNLOAD_URL_SECONDS = 600;
export const EXPORT_DAYS_DEFAULT = 7;

/** How long a router isolate trusts what the Directory said; a revoked key works at most this much longer. */
export const DIRECTORY_CACHE_MS = 30_000;
