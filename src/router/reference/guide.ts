/**
 * What holds of more than one route: errors, the query language, the live tail's messages and the limits. Codes, fields
 * and figures are those of the sources; tests hold the examples against what reads them.
 */
import {
  ACTION_MAX,
  METADATA_TEXT_MAX,
  METADATA_VALUES_MAX,
  TARGETS_MAX,
} from "../../contract/event.ts";
import { failureAnswerSchema } from "../../contract/failure-answer.ts";
import { TAIL_ENDED, TAIL_PROTOCOL, type TailServerMessage } from "../../contract/tail.ts";
import type { FailureCode } from "../../kernel/failure.ts";
import * as limits from "../../kernel/limits.ts";
import { type FieldKind, FIELDS } from "../../query/fields.ts";
import { QUERY_DEPTH_MAX, QUERY_LENGTH_MAX, QUERY_TERMS_MAX } from "../../query/parse.ts";
import { STATUS } from "../failure-response.ts";
import { EVENT } from "./example-resources.ts";
import { type Html, html, inline, markdown } from "./html.ts";

export interface GuideSection {
  readonly name: string;
  readonly content: readonly Html[];
}

/** When each code is answered. */
const FAILURES: Readonly<Record<FailureCode, string>> = {
  invalid_request:
    "Not JSON, not an object, a name twice in one object, a number that JSON numbers cannot hold exactly; or a value that breaks the contract.",
  invalid_audit_log_event:
    "The event breaks the contract or its action's schema. `errors` names the fields.",
  invalid_audit_log_export_range_date: "The range of an export is reversed or out of reach.",
  authentication_required: "There is no credential.",
  invalid_api_key: "The key is unknown, revoked or expired.",
  invalid_token: "The JWT or the session is not valid, or not any more.",
  forbidden: "The credential is valid, and a scope or role is missing.",
  not_found: "Unknown, or another organization's.",
  conflict: "There is a resource with that unique value already.",
  payload_too_large: "Over one of the limits below; the message says which.",
  unprocessable_entity: "Well-formed, with a value that cannot be taken.",
  rate_limit_exceeded: "Too many requests. `Retry-After` says when to come again.",
  internal_error: "A bug. The server's log has the rest under the request id.",
  not_configured: "What this needs is not set up on this server; the message says what.",
  tenant_unavailable: "The organization's log is busy. Send the same request again.",
  directory_unavailable: "Keys cannot be looked up right now. Send the same request again.",
  blob_store_unavailable: "The blob store does not answer. Send the same request again.",
  identity_provider_unavailable:
    "The keys of the identity provider cannot be read. Send the same request again.",
};

/** Queries with what they find. */
export const QUERY_EXAMPLES: readonly (readonly [query: string, finds: string])[] = [
  ["invoice", "The word in any text, whatever its case. Several words: all of them, in any place."],
  [
    "契約",
    "Chinese, Japanese and Korean match as they are written, one character and two characters too.",
  ],
  [`"exact phrase"`, "The words one after another."],
  ["docu*", "Words that begin like this. The `*` stands at the end only."],
  ["action:document.shared", "The field is exactly this; upper and lower case differ."],
  [
    `actor.name:"Tanaka Yuki"`,
    "A value with spaces, parentheses or `*` stands in quotation marks.",
  ],
  ["action:document.*", "The field begins like this."],
  ["metadata.request_id:*", "The field is there, whatever it holds."],
  [
    "occurred_at:>=2026-11-01",
    "`<`, `<=`, `>` and `>=`, of times and numbers. In UTC unless the time has an offset.",
  ],
  ["-actor.type:system", "Not this. `NOT` is the same."],
  [
    "action:a.b OR (action:c.d AND login)",
    "`AND`, `OR` and `NOT` are upper case. What stands side by side is `AND`.",
  ],
  [
    String.raw`"say \"yes\""`,
    String.raw`In quotation marks, \" is a quotation mark and \\ is a backslash.`,
  ],
];

const KINDS: Readonly<Record<FieldKind, string>> = {
  text: "text",
  time: "time, with an order",
  count: "whole number, with an order",
  scalar: "text, number or boolean; numbers have an order",
};

/** What the server sends on the live tail. */
const SERVER_MESSAGES: readonly (readonly [TailServerMessage, string])[] = [
  [
    { type: "hello", head: 42, oldest: 1 },
    "First, and after a new filter: the newest seq of the log, and the oldest that is still kept.",
  ],
  [{ type: "events", events: [EVENT] }, "Events that match, in order of seq."],
  [
    { type: "skipped", from: 1_043, to: 11_042 },
    `The reader fell more than ${figure(limits.TAIL_LAG_EVENTS_MAX)} events behind, and these were not sent. Reconnect with \`after\` to have them.`,
  ],
  [
    {
      type: "error",
      code: "invalid_request",
      message: "'type' must be 'ack' or 'filter'.",
    },
    "What the client sent is not understood, with a code of the table of errors. The socket stays open.",
  ],
];

/** What a client may send. `ping` is a text by itself, and no JSON. */
export const CLIENT_MESSAGES: readonly (readonly [unknown, string])[] = [
  [
    { type: "ack", seq: 42 },
    "Everything up to this seq is handled. A reader that says so now and then is sent as much as it takes.",
  ],
  [
    { type: "filter", actions: ["document.shared"], q: "-actor.type:system" },
    "The filter from the next event on. The names are those of the query string, without brackets.",
  ],
];

const CLOSE_CODES: readonly (readonly [number, string])[] = [
  [TAIL_ENDED, "The credential has ended. Sign in again, then reconnect."],
  [1008, "The organization was deleted. Do not come again."],
  [
    1013,
    "Come again a little later, with `after`: too many readers, no sign of life for a long time, or stored events that are out of reach.",
  ],
];

export const GUIDE: readonly GuideSection[] = [
  { name: "Errors", content: errors() },
  { name: "Query language", content: queryLanguage() },
  { name: "Messages of the live tail", content: liveTail() },
  { name: "Limits", content: limitsSection() },
];

function errors(): Html[] {
  const [example] = failureAnswerSchema.meta()?.examples ?? [];
  const rows = Object.entries(FAILURES)
    .map(([name, when]) => ({ name, when, status: STATUS[name as FailureCode] }))
    .toSorted((one, other) => one.status - other.status)
    .map(({ name, when, status }) => [html`${status}`, code(name), text(when)]);
  return [
    ...markdown(
      "Every error has this body. `message` is a sentence for the person who called, `errors` is there when fields are wrong, and `request_id` is that of the header `X-Request-Id` and of the server's log.",
    ),
    html`<pre><code>${JSON.stringify(example, null, 2)}</code></pre>`,
    table(["Status", "Code", "When"], rows),
  ];
}

function queryLanguage(): Html[] {
  const examples = QUERY_EXAMPLES.map(([query, finds]) => [code(query), text(finds)]);
  const fields = FIELDS.map(({ name, kind, description }) => [
    code(name.endsWith(".") ? `${name}<name>` : name),
    text(KINDS[kind]),
    text(`${description}.`),
  ]);
  return [
    ...markdown(
      `The parameter \`q\` of searches, statistics, exports and the live tail, and the search of the dashboard. At most ${figure(QUERY_LENGTH_MAX)} characters, ${figure(QUERY_TERMS_MAX)} words and values, ${figure(QUERY_DEPTH_MAX)} levels of parentheses. What is wrong with a query is answered with the place of the character.`,
    ),
    table(["Query", "Finds"], examples),
    table(["Field", "Holds", ""], fields),
  ];
}

function liveTail(): Html[] {
  const rows = (messages: readonly (readonly [unknown, string])[]) =>
    messages.map(([message, means]) => [code(JSON.stringify(message)), text(means)]);
  return [
    ...markdown(
      `JSON texts on the WebSocket with the subprotocol \`${TAIL_PROTOCOL}\`. After a lost connection, reconnect with \`after=<the last seq that you handled>\`: nothing is missing and nothing comes twice. \`ping\`, a text without JSON, is answered with \`pong\`.`,
    ),
    table(["The server sends", ""], rows(SERVER_MESSAGES)),
    table(["The client may send", ""], rows(CLIENT_MESSAGES)),
    table(
      ["Close code", ""],
      CLOSE_CODES.map(([closeCode, means]) => [code(String(closeCode)), text(means)]),
    ),
  ];
}

function limitsSection(): Html[] {
  const rows: readonly (readonly [what: string, limit: string])[] = [
    ["An event, as compact JSON", bytes(limits.EVENT_BYTES_MAX)],
    ["The body of `POST /audit_logs/events`", bytes(limits.EVENT_BODY_BYTES_MAX)],
    [
      "A batch",
      `${figure(limits.BATCH_EVENTS_MAX)} events and ${bytes(limits.BATCH_BODY_BYTES_MAX)}`,
    ],
    ["The body of any other route", bytes(limits.RESOURCE_BODY_BYTES_MAX)],
    ["Objects and lists within each other", `${limits.JSON_DEPTH_MAX} levels`],
    ["The name of an action", characters(ACTION_MAX)],
    ["Targets of an event", figure(TARGETS_MAX)],
    [
      "Metadata of an event, an actor or a target",
      `${METADATA_VALUES_MAX} values; a text has ${characters(METADATA_TEXT_MAX)}`,
    ],
    [
      "`Idempotency-Key`",
      `${characters(limits.IDEMPOTENCY_KEY_CHARACTERS_MAX)}; it is remembered for ${limits.IDEMPOTENCY_WINDOW_MS / 3_600_000} hours`,
    ],
    ["Faults listed in one answer", figure(limits.FIELD_ERRORS_MAX)],
    ["Events on a page", figure(limits.EVENTS_PAGE_MAX)],
    ["Other resources on a page", figure(limits.LIST_PAGE_MAX)],
    ["Values of one filter, such as `actions[]`", figure(limits.FILTER_VALUES_MAX)],
    ["Values of a facet", figure(limits.FACET_VALUES_MAX)],
    ["The filter of a live tail, as JSON", characters(limits.TAIL_FILTER_CHARACTERS_MAX)],
    ["Live tails of one organization", figure(limits.TAIL_CONNECTIONS_MAX)],
    [
      "Retention",
      `${figure(limits.RETENTION_DAYS_MIN)} to ${figure(limits.RETENTION_DAYS_MAX)} days`,
    ],
    ["Exports of one organization", figure(limits.EXPORTS_MAX)],
    ["Token issuers", figure(limits.TOKEN_ISSUERS_MAX)],
  ];
  return [
    ...markdown("More than this is refused, with a message that names the limit."),
    table(
      ["What", "At most"],
      rows.map(([what, limit]) => [text(what), text(limit)]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly Html[])[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${head.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function text(sentence: string): Html {
  return html`${inline(sentence)}`;
}

function code(value: string): Html {
  return html`<code>${value}</code>`;
}

function figure(value: number): string {
  return value.toLocaleString("en-US");
}

function bytes(value: number): string {
  const kib = value / 1024;
  return kib >= 1024 ? `${kib / 1024} MiB` : `${kib} KiB`;
}

function characters(value: number): string {
  return `${figure(value)} characters`;
}
