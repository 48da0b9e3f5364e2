/** The HTTP interface as an application uses it: plain requests, and the few shapes that the tests look into. */
import type { EventInput } from "../support/events.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Receipt {
  readonly success: true;
  readonly id: string;
  readonly seq: number;
}

export interface BatchReceipt {
  readonly id: string;
  readonly seq: number;
  readonly replayed: boolean;
}

export interface StoredEvent {
  readonly object: "audit_log_event";
  readonly id: string;
  readonly seq: number;
  readonly organization_id: string;
  readonly action: string;
  readonly occurred_at: string;
  readonly ingested_at: string;
  readonly version: number | null;
  readonly actor: { readonly id: string; readonly type: string };
  readonly targets: readonly unknown[];
  readonly context: unknown;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

export interface EventList {
  readonly object: "list";
  readonly data: readonly StoredEvent[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly request_id: string;
  readonly errors?: readonly {
    readonly field: string;
    readonly code: string;
    readonly message: string;
  }[];
}

/** Values of one name as a list are sent as `name[]=a&name[]=b`. */
export type Query = Readonly<Record<string, string | number | readonly string[]>>;

export interface NewEvent extends EventInput {
  readonly idempotency_key?: string;
}

export class Client {
  readonly url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  /** Any request; `body` is sent as JSON unless it is a text or bytes already. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, ...headers },
      ...(body === undefined ? {} : { body: contentOf(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  get(path: string, query: Query = {}): Promise<Answer> {
    return this.send("GET", `${path}${queryText(query)}`);
  }

  /** Appends one event; the answer is not judged. */
  append(organizationId: string, event: unknown, idempotencyKey?: string): Promise<Answer> {
    return this.send(
      "POST",
      "/audit_logs/events",
      { organization_id: organizationId, event },
      idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    );
  }

  appendBatch(organizationId: string, events: readonly NewEvent[]): Promise<Answer> {
    return this.send("POST", "/audit_logs/events/batch", {
      organization_id: organizationId,
      events,
    });
  }

  search(organizationId: string, query: Query = {}): Promise<Answer> {
    return this.get("/audit_logs/events", { organization_id: organizationId, ...query });
  }

  /** One event, which must be accepted. */
  async store(organizationId: string, event: unknown, idempotencyKey?: string): Promise<Receipt> {
    return accepted<Receipt>(await this.append(organizationId, event, idempotencyKey));
  }

  /** A batch, which must be accepted. */
  async storeBatch(
    organizationId: string,
    events: readonly NewEvent[],
  ): Promise<readonly BatchReceipt[]> {
    const answer = await this.appendBatch(organizationId, events);
    return accepted<{ events: readonly BatchReceipt[] }>(answer).events;
  }

  async page(organizationId: string, query: Query = {}): Promise<EventList> {
    return accepted<EventList>(await this.search(organizationId, query));
  }

  /** The whole list, page by page. */
  async all(organizationId: string, query: Query = {}): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    let after: string | null = null;
    do {
      const place: Query = after === null ? {} : { after };
      const page = await this.page(organizationId, { limit: 1_000, ...query, ...place });
      events.push(...page.data);
      ({ after } = page.list_metadata);
    } while (after !== null);
    return events;
  }

  /** A new API key, as a client that uses it. */
  async withKey(scopes: readonly string[], organizationId?: string): Promise<KeyClient> {
    const input = { name: "test", scopes, organization_id: organizationId };
    const answer = await this.send("POST", "/api_keys", input);
    const { id, key } = accepted<{ id: string; key: string }>(answer);
    return new KeyClient(this.url, key, id);
  }

  async createOrganization(id: string): Promise<void> {
    accepted(await this.send("POST", "/organizations", { id, name: id }));
  }
}

export class KeyClient extends Client {
  readonly keyId: string;

  constructor(url: string, key: string, keyId: string) {
    super(url, key);
    this.keyId = keyId;
  }
}

function contentOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === "string"
    ? body
    : body instanceof Uint8Array
      ? new Uint8Array(body)
      : JSON.stringify(body);
}

/** The body of an answer that must be a success. */
export function accepted<T = unknown>(answer: Answer): T {
  if (answer.status < 200 || answer.status > 299) {
    throw new Error(`Not accepted: ${answer.status} ${answer.text}`);
  }
  return parsed<T>(answer);
}

/** The body of any answer. */
export function parsed<T = unknown>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

export function failureOf(answer: Answer): Failure {
  return parsed<Failure>(answer);
}

export function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === "object") {
      for (const one of value) {
        parameters.append(`${name}[]`, one);
      }
    } else {
      parameters.append(name, String(value));
    }
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
