/** The text of each request that the load process sends: what a WorkOS SDK would send, with an event of the corpus. */
import type { Corpus } from "./corpus.ts";
import type { Kind, LoadOrder, PartialKind } from "./load-messages.ts";

export const BATCH_EVENTS = 1_000;

export interface RequestSource {
  readonly eventsPerRequest: number;
  readonly next: () => string;
}

export function requestSource(order: LoadOrder, corpus: Corpus): RequestSource {
  const sources: Record<Kind, RequestSource> = {
    noop: { eventsPerRequest: 0, next: () => get(order, "/bench/noop") },
    rpc: { eventsPerRequest: 0, next: () => get(order, `/bench/rpc?${order.organizationId}`) },
    "noop-route": {
      eventsPerRequest: 0,
      next: () => withBody(order, "POST /bench/nothing", "", ""),
    },
    "rpc-route": {
      eventsPerRequest: 0,
      next: () => get(order, `/organizations/${order.organizationId}/audit_logs_retention`),
    },
    carry: {
      eventsPerRequest: 0,
      next: () => bodyTo(order, `PUT /bench/carry?${order.organizationId}`, corpus),
    },
    answered: { eventsPerRequest: 0, next: () => partial(order, "answered", corpus) },
    carried: { eventsPerRequest: 0, next: () => partial(order, "carried", corpus) },
    unchecked: { eventsPerRequest: 1, next: () => partial(order, "unchecked", corpus) },
    single: { eventsPerRequest: 1, next: () => single(order, corpus) },
    batch: { eventsPerRequest: BATCH_EVENTS, next: () => batch(order, corpus) },
  };
  return sources[order.kind];
}

function get(order: LoadOrder, path: string): string {
  return `GET ${path} HTTP/1.1\r\n${commonHeaders(order)}\r\n`;
}

function partial(order: LoadOrder, kind: PartialKind, corpus: Corpus): string {
  return bodyTo(order, `POST /bench/${kind}?${order.organizationId}`, corpus);
}

function bodyTo(order: LoadOrder, target: string, corpus: Corpus): string {
  const body = JSON.stringify({ organization_id: order.organizationId, event: corpus.next() });
  return withBody(order, target, "", body);
}

function single(order: LoadOrder, corpus: Corpus): string {
  const event = corpus.next();
  const body = JSON.stringify({ organization_id: order.organizationId, event });
  // The request id is unique already, and it comes from the seed like everything else of the request.
  const key = `Idempotency-Key: ${event.metadata.request_id}\r\n`;
  return withBody(order, "POST /audit_logs/events", key, body);
}

function batch(order: LoadOrder, corpus: Corpus): string {
  const events = Array.from({ length: BATCH_EVENTS }, () => corpus.next());
  const body = JSON.stringify({ organization_id: order.organizationId, events });
  return withBody(order, "POST /audit_logs/events/batch", "", body);
}

function withBody(order: LoadOrder, target: string, headers: string, body: string): string {
  const length = Buffer.byteLength(body);
  return (
    `${target} HTTP/1.1\r\n${commonHeaders(order)}${headers}` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`
  );
}

function commonHeaders({ host, port, apiKey }: LoadOrder): string {
  return (
    `Host: ${host}:${port}\r\nAuthorization: Bearer ${apiKey}\r\n` +
    "Accept: application/json\r\nUser-Agent: rekishi-bench\r\n"
  );
}
