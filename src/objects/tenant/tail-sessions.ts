/**
 * The live tail of one log: who follows it, from where, and what each is sent.
 *
 * Every session has a position, the last seq it has passed. Sending is always "from the position to the head", so
 * stored events join live ones without loss or duplicate. While a session is at the head nothing about it changes,
 * and its object may hibernate; the position is kept in the socket's attachment only while it is behind.
 */
import type { Connection } from "partyserver";
import { type EventFilter, readEventFilterMessage } from "../../contract/event-query.ts";
import { checkTailFilter, TAIL_ENDED, type TailServerMessage } from "../../contract/tail.ts";
import type { Clock } from "../../kernel/clock.ts";
import { TAIL_LAG_EVENTS_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { FetchedBlocks } from "../../log/fetched-blocks.ts";
import type { LineRun, Log } from "../../log/log.ts";
import { type OffloadReader, ORDERED_LIMITS } from "../../log/offload/offload-reader.ts";
import { compile, type EventTest } from "../../query/match.ts";
import { whereOf } from "../../query/where.ts";
import type { Credential } from "../directory/directory-rpc.ts";
import { SendWindow } from "./send-window.ts";
import { type AskEnded, TailHolders } from "./tail-holders.ts";
import { readTailMessage } from "./tail-message.ts";
import { type ParsedRun, parseRun, textsOf } from "./tail-run.ts";
import type { TailRequest } from "./tenant-rpc.ts";

/** How soon a session that is behind is tried again. */
const RETRY_MS = 100;

/** What survives hibernation. `position` is set while the session is behind the head. */
export interface TailAttachment {
  readonly filter: EventFilter;
  readonly position?: number;
  readonly endsAt?: number | null;
  readonly credential?: Credential | null;
}

export interface TailPorts {
  readonly log: Log;
  readonly clock: Clock;
  /** Events ingested before this time have expired. */
  readonly cutoff: () => number;
  /** Reads what is in the blob store. */
  readonly reader: OffloadReader;
  readonly connections: () => Iterable<Connection<TailAttachment>>;
  readonly askEnded: AskEnded;
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
  /** What let the reader in, if it can be taken away. */
  readonly credential: Credential | null;
  /** Asked for stored events and has not come to the head yet: is never skipped. */
  isBackfilling: boolean;
  /** The attachment says that this session is behind. */
  isMarkedBehind: boolean;
  /** Something is asked for it: stored events of the blob store, or its credential. Until then it is sent nothing. */
  isWaiting: boolean;
}

export class TailSessions {
  readonly #ports: TailPorts;
  /** Sessions that outlived a hibernation were at this head, unless their attachment says otherwise. */
  readonly #headAtWake: number;
  readonly #sessions = new Map<string, Session>();
  #areAllKnown = false;
  #isRetryPending = false;
  readonly #holders: TailHolders;

  constructor(ports: TailPorts) {
    this.#ports = ports;
    this.#holders = new TailHolders(ports.clock, ports.askEnded);
    this.#headAtWake = ports.log.headSeq;
  }

  get count(): number {
    this.#restore();
    return this.#sessions.size;
  }

  /** Starts a session. With `after`, stored events that follow it come first. */
  open(connection: Connection<TailAttachment>, request: TailRequest): void {
    const { filter, after, endsAt, credential } = request;
    this.#restore();
    // A place beyond the head is one that this log never had; the reader goes on from the head.
    const { headSeq } = this.#ports.log;
    const position = Math.min(after ?? headSeq, headSeq);
    const session = this.#add(connection, { filter, position, endsAt, credential });
    session.isBackfilling = after !== undefined;
    this.#mark(session, after !== undefined);
    this.#hello(session);
    this.#pump(session);
  }

  /** Credentials have changed: who has lost theirs is let go. */
  recheck(): void {
    this.#restore();
    this.#holders.reset();
    const sessions = this.#held();
    if (sessions.length > 0) {
      void this.#confirm(sessions);
    }
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
    const body = readTailMessage(message);
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
      this.#end(session, TAIL_ENDED, "The session has ended. Sign in again and reconnect.");
      return;
    }
    if (session.window.isGone(pingedAt(session.connection))) {
      this.#end(session, 1013, "No ping or ack for 64 MiB. Reconnect with after=<last seq>.");
      return;
    }
    if (session.position < log.headSeq && this.#mustConfirm(session)) {
      void this.#confirm(this.#held());
      return;
    }
    if (session.position < log.headSeq && session.window.isOpen(clock())) {
      const behind = log.headSeq - session.position;
      if (!session.isBackfilling && behind > TAIL_LAG_EVENTS_MAX) {
        this.#skip(session, log.headSeq);
      } else if (fresh?.firstSeq === session.position + 1) {
        this.#deliver(session, fresh);
      } else {
        this.#deliverStored(session);
      }
    }
    this.#settle(session);
  }

  #mustConfirm({ credential }: Session): boolean {
    return credential !== null && this.#holders.mustConfirm(credential);
  }

  /** Those whose credential can be taken away, and for whom nothing is asked yet. */
  #held(): Session[] {
    return [...this.#sessions.values()].filter(
      ({ credential, isWaiting }) => credential !== null && !isWaiting,
    );
  }

  /** Positions stay where they are meanwhile, so what comes then is what follows them. */
  async #confirm(sessions: readonly Session[]): Promise<void> {
    for (const session of sessions) {
      session.isWaiting = true;
      this.#settle(session);
    }
    const credentials = sessions.flatMap(({ credential }) => credential ?? []);
    const states = await this.#holders.confirm(credentials);
    for (const session of sessions) {
      session.isWaiting = false;
      const state = states.get(session.credential?.hash ?? "") ?? "valid";
      if (state === "ended") {
        this.#end(session, TAIL_ENDED, "The credential is not valid any more.");
      } else if (state === "unknown") {
        this.#end(session, 1013, "The credential cannot be checked. Reconnect later.");
      } else if (this.#sessions.has(session.connection.id)) {
        this.#pump(session);
      }
    }
  }

  #end(session: Session, code: number, reason: string): void {
    session.connection.close(code, reason);
    this.#sessions.delete(session.connection.id);
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
      this.#end(session, 1013, "Stored events are out of reach. Reconnect later.");
    }
  }

  #deliver(session: Session, run: ParsedRun): void {
    const texts = textsOf(run, session.matches);
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
    const { filter, position, endsAt, credential } = session;
    const state = { filter, endsAt, credential };
    session.connection.setState(isBehind ? { ...state, position } : state);
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
    {
      filter,
      position,
      endsAt,
      credential,
    }: Pick<Session, "filter" | "position" | "endsAt" | "credential">,
  ): Session {
    const session: Session = {
      connection,
      window: new SendWindow(this.#ports.clock()),
      filter,
      matches: matcherOf(filter),
      position,
      endsAt,
      credential,
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
        const { filter, position, endsAt = null, credential = null } = attachment;
        const place = { filter, position: position ?? this.#headAtWake, endsAt, credential };
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
