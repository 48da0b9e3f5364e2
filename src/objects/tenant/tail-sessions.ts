/**
 * The live tail of one log: who follows it, from where, and what each is sent.
 *
 * Every session has a position, the last seq it has passed. Sending is always "from the position to the head", so
 * stored events join live ones without loss or duplicate. While a session is at the head nothing about it changes,
 * and its object may hibernate; the position is kept in the socket's attachment only while it is behind.
 */
import type { Connection } from "partyserver";
import { type EventFilter, readEventFilterMessage } from "../../contract/event-query.ts";
import { eventResource, type StoredEvent } from "../../contract/event.ts";
import { read } from "../../contract/field-errors.ts";
import {
  checkTailFilter,
  TAIL_ENDED,
  tailClientMessageSchema,
  type TailServerMessage,
} from "../../contract/tail.ts";
import type { Clock } from "../../kernel/clock.ts";
import { failure, type Failure } from "../../kernel/failure.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { FetchedBlocks } from "../../log/fetched-blocks.ts";
import { parseLine } from "../../log/line.ts";
import type { LineRun, Log } from "../../log/log.ts";
import { type OffloadReader, ORDERED_LIMITS } from "../../log/offload/offload-reader.ts";
import { compile, type EventTest } from "../../query/match.ts";
import { whereOf } from "../../query/where.ts";
import { SendWindow } from "./send-window.ts";
import type { TailRequest } from "./tenant-rpc.ts";

/** Events behind the head at which a reader that has no backfill to finish is moved to the head. */
const LAG_EVENTS_MAX = 10_000;
/** How soon a session that is behind is tried again. */
const RETRY_MS = 100;

/** What survives hibernation. `position` is set while the session is behind the head. */
export interface TailAttachment {
  readonly filter: EventFilter;
  readonly position?: number;
  readonly endsAt?: number | null;
}

export interface TailPorts {
  readonly log: Log;
  readonly clock: Clock;
  /** Events ingested before this time have expired. */
  readonly cutoff: () => number;
  /** Reads what is in the blob store. */
  readonly reader: OffloadReader;
  readonly connections: () => Iterable<Connection<TailAttachment>>;
  /** When the runtime last answered a ping of this socket for us. */
  readonly pingedAt: (connection: Connection<TailAttachment>) => number | undefined;
}

interface Session {
  readonly connection: Connection<TailAttachment>;
  readonly window: SendWindow;
  filter: EventFilter;
  matches: EventTest;
  position: number;
  /** When the reader's credential ends; from then on they are sent nothing. */
  readonly endsAt: number | null;
  /** Asked for stored events and has not come to the head yet: is never skipped. */
  isBackfilling: boolean;
  /** The attachment says that this session is behind. */
  isMarkedBehind: boolean;
  /** Stored events are being fetched from the blob store for it; until they are there it is sent nothing. */
  isWaiting: boolean;
}

/** A run of events, parsed once for all sessions. */
interface ParsedRun {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly events: readonly StoredEvent[];
  /** Each event as JSON for the wire, made when the first session needs it. */
  readonly texts: (string | undefined)[];
}

export class TailSessions {
  readonly #ports: TailPorts;
  /** Sessions that outlived a hibernation were at this head, unless their attachment says otherwise. */
  readonly #headAtWake: number;
  readonly #sessions = new Map<string, Session>();
  #areAllKnown = false;
  #isRetryPending = false;

  constructor(ports: TailPorts) {
    this.#ports = ports;
    this.#headAtWake = ports.log.headSeq;
  }

  get count(): number {
    this.#restore();
    return this.#sessions.size;
  }

  /** Starts a session. With `after`, stored events that follow it come first. */
  open(connection: Connection<TailAttachment>, { filter, after, endsAt }: TailRequest): void {
    this.#restore();
    // A place beyond the head is one that this log never had; the reader goes on from the head.
    const { headSeq } = this.#ports.log;
    const position = Math.min(after ?? headSeq, headSeq);
    const session = this.#add(connection, { filter, position, endsAt });
    session.isBackfilling = after !== undefined;
    this.#mark(session, after !== undefined);
    this.#hello(session);
    this.#pump(session);
  }

  close(connection: Connection<TailAttachment>): void {
    this.#sessions.delete(connection.id);
  }

  /** Handles what a client sent; what is wrong with it is answered on the socket, which stays open. */
  receive(connection: Connection<TailAttachment>, message: string | ArrayBuffer): void {
    this.#restore();
    const session = this.#sessions.get(connection.id);
    if (session === undefined) {
      return;
    }
    const handled = this.#handle(session, message);
    if (!handled.ok) {
      const { code, message: text } = handled.failure;
      this.#send(session, { type: "error", code, message: text });
    }
  }

  /** Sends a durable commit to everybody whom it concerns. */
  publish(run: LineRun): void {
    this.#restore();
    if (run.lines.length === 0 || this.#sessions.size === 0) {
      return;
    }
    const parsed = parseRun(run);
    for (const session of this.#sessions.values()) {
      this.#pump(session, parsed);
    }
  }

  #handle(session: Session, message: string | ArrayBuffer): Result<undefined> {
    const body = readMessage(message);
    if (!body.ok) {
      return body;
    }
    if (body.value.type === "ack") {
      session.window.acknowledge(body.value.seq);
      this.#pump(session);
      return ok(undefined);
    }
    const filter = checkTailFilter(readEventFilterMessage(body.value));
    if (!filter.ok) {
      return filter;
    }
    const where = whereOf(filter.value);
    if (!where.ok) {
      return where;
    }
    session.filter = filter.value;
    session.matches = matcherOf(filter.value);
    this.#mark(session, session.isMarkedBehind);
    this.#hello(session);
    return ok(undefined);
  }

  /** Sends what follows the session's position: `fresh` when that is it, else from the log, a step at a time. */
  #pump(session: Session, fresh?: ParsedRun): void {
    if (session.isWaiting) {
      return;
    }
    const { log, clock, pingedAt } = this.#ports;
    if (session.endsAt !== null && session.endsAt <= clock()) {
      session.connection.close(TAIL_ENDED, "The session has ended. Sign in again and reconnect.");
      this.#sessions.delete(session.connection.id);
      return;
    }
    if (session.window.isGone(pingedAt(session.connection))) {
      session.connection.close(1013, "No ping or ack for 64 MiB. Reconnect with after=<last seq>.");
      this.#sessions.delete(session.connection.id);
      return;
    }
    if (session.position < log.headSeq && session.window.isOpen(clock())) {
      const behind = log.headSeq - session.position;
      if (!session.isBackfilling && behind > LAG_EVENTS_MAX) {
        this.#skip(session, log.headSeq);
      } else if (fresh?.firstSeq === session.position + 1) {
        this.#deliver(session, fresh);
      } else {
        this.#deliverStored(session);
      }
    }
    this.#settle(session);
  }

  #deliverStored(session: Session): void {
    const { log, cutoff, reader } = this.#ports;
    const after = (fetched: FetchedBlocks) => log.after(session.position, cutoff(), fetched);
    const run = reader.now(after);
    if (run === undefined) {
      void this.#deliverFetched(session, after);
    } else {
      this.#deliver(session, parseRun(run));
    }
  }

  /** The position stays where it is meanwhile, so what comes is what follows it. */
  async #deliverFetched(session: Session, after: (fetched: FetchedBlocks) => LineRun) {
    session.isWaiting = true;
    const run = await this.#ports.reader.read(after, ORDERED_LIMITS);
    session.isWaiting = false;
    if (!this.#sessions.has(session.connection.id)) {
      return;
    }
    if (run.ok) {
      this.#deliver(session, parseRun(run.value));
      this.#pump(session);
    } else {
      const { code, message } = run.failure;
      this.#send(session, { type: "error", code, message });
      session.connection.close(1013, "Stored events are out of reach. Reconnect later.");
      this.#sessions.delete(session.connection.id);
    }
  }

  #deliver(session: Session, run: ParsedRun): void {
    const texts: string[] = [];
    run.events.forEach((stored, index) => {
      if (session.matches(stored)) {
        texts.push((run.texts[index] ??= JSON.stringify(eventResource(stored))));
      }
    });
    if (texts.length > 0) {
      const message = `{"type":"events","events":[${texts.join(",")}]}`;
      this.#transmit(session, message);
      session.window.send(run.lastSeq, message.length);
    }
    // An empty run means that everything up to the head has expired.
    session.position = run.events.length > 0 ? run.lastSeq : this.#ports.log.headSeq;
  }

  #skip(session: Session, to: number): void {
    this.#send(session, { type: "skipped", from: session.position + 1, to });
    session.position = to;
  }

  /** Remembers whether the session is behind, and comes back to it if it is. */
  #settle(session: Session): void {
    if (session.isWaiting) {
      this.#mark(session, true);
      return;
    }
    const isBehind = session.position < this.#ports.log.headSeq;
    if (!isBehind) {
      session.isBackfilling = false;
    }
    if (isBehind || session.isMarkedBehind) {
      this.#mark(session, isBehind);
    }
    if (isBehind && !this.#isRetryPending) {
      this.#isRetryPending = true;
      const isReady = session.isBackfilling && session.window.isOpen(this.#ports.clock());
      setTimeout(() => this.#retry(), isReady ? 0 : RETRY_MS);
    }
  }

  #retry(): void {
    this.#isRetryPending = false;
    for (const session of this.#sessions.values()) {
      if (session.position < this.#ports.log.headSeq) {
        this.#pump(session);
      }
    }
  }

  #mark(session: Session, isBehind: boolean): void {
    session.isMarkedBehind = isBehind;
    const { filter, position, endsAt } = session;
    session.connection.setState(isBehind ? { filter, position, endsAt } : { filter, endsAt });
  }

  #hello(session: Session): void {
    const { log, cutoff } = this.#ports;
    this.#send(session, { type: "hello", head: log.headSeq, oldest: log.oldestSeq(cutoff()) });
  }

  #send(session: Session, message: TailServerMessage): void {
    this.#transmit(session, JSON.stringify(message));
  }

  /** A socket that is closing refuses to send; its session is over. */
  #transmit(session: Session, message: string): void {
    try {
      session.connection.send(message);
    } catch {
      this.#sessions.delete(session.connection.id);
    }
  }

  #add(
    connection: Connection<TailAttachment>,
    { filter, position, endsAt }: Pick<Session, "filter" | "position" | "endsAt">,
  ): Session {
    const session: Session = {
      connection,
      window: new SendWindow(this.#ports.clock()),
      filter,
      matches: matcherOf(filter),
      position,
      endsAt,
      isBackfilling: false,
      isMarkedBehind: false,
      isWaiting: false,
    };
    this.#sessions.set(connection.id, session);
    return session;
  }

  /** After a hibernation the sockets are still there and the sessions are not: makes them again, once. */
  #restore(): void {
    if (this.#areAllKnown) {
      return;
    }
    this.#areAllKnown = true;
    for (const connection of this.#ports.connections()) {
      const attachment = connection.state as TailAttachment | null;
      if (attachment !== null) {
        const { filter, position, endsAt = null } = attachment;
        const place = { filter, position: position ?? this.#headAtWake, endsAt };
        const session = this.#add(connection, place);
        session.isBackfilling = position !== undefined;
        session.isMarkedBehind = position !== undefined;
        if (position !== undefined) {
          this.#settle(session);
        }
      }
    }
  }
}

/** The filter was read before, so it cannot be wrong here. */
function matcherOf(filter: EventFilter): EventTest {
  const where = whereOf(filter);
  if (!where.ok) {
    throw new TypeError(where.failure.message);
  }
  return compile(where.value);
}

function readMessage(message: string | ArrayBuffer) {
  const notJson = failure(
    "invalid_request",
    "A message must be a JSON text of type 'ack' or 'filter'.",
  );
  if (typeof message !== "string") {
    return notJson satisfies { failure: Failure };
  }
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return notJson;
  }
  return read(tailClientMessageSchema, value, "", "invalid_request");
}

function parseRun(run: LineRun): ParsedRun {
  return {
    firstSeq: run.firstSeq,
    lastSeq: run.firstSeq + run.lines.length - 1,
    events: run.lines.map(parseLine),
    texts: [],
  };
}
