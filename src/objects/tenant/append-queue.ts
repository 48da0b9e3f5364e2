/**
 * Group commit and sealing: appends that arrive while a commit is being made durable share the next one.
 *
 * One commit costs one disk flush however many requests it holds, so the busier the object, the cheaper an append.
 * Nobody is answered before the commit that holds their events is durable. The queue is bounded: what does not fit is
 * refused at once, with nothing of it stored.
 */
import { type Failure, failure } from "../../kernel/failure.ts";
import { APPEND_QUEUE_BYTES_MAX, APPEND_QUEUE_EVENTS_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { AppendReceipt } from "../../log/commit.ts";
import type { AppendRequest, CommitResult } from "../../log/log.ts";
import { errorFacts, log } from "../../observe/logger.ts";

export interface AppendPorts {
  /** Stores all requests in one transaction. */
  readonly commit: (requests: readonly AppendRequest[]) => CommitResult;
  /** Resolves when everything committed so far is on disk. */
  readonly flush: () => Promise<void>;
  /** Is called after a commit is durable and before its requests are answered. */
  readonly committed: (commit: CommitResult) => void;
  /** How many steps of sealing wait to be done. */
  readonly sealable: () => number;
  /** Does one of them: two or three milliseconds during which nothing else happens. */
  readonly seal: () => void;
  /** Lets other calls of the object have their turn. */
  readonly pause: () => Promise<void>;
}

type Receipts = readonly AppendReceipt[];

interface Waiting {
  readonly request: AppendRequest;
  readonly resolve: (receipts: Receipts) => void;
  readonly reject: (reason: unknown) => void;
}

const OVERLOADED: Failure = {
  ...failure("tenant_unavailable", "This organization's log is busy. Send the same request again.")
    .failure,
  retryAfterSeconds: 1,
};

export class AppendQueue {
  readonly #ports: AppendPorts;
  #waiting: Waiting[] = [];
  #events = 0;
  #bytes = 0;
  #draining = false;

  constructor(ports: AppendPorts) {
    this.#ports = ports;
  }

  async append(request: AppendRequest): Promise<Result<Receipts>> {
    const bytes = request.events.reduce((sum, event) => sum + event.length, 0);
    const isFull =
      this.#events + request.events.length > APPEND_QUEUE_EVENTS_MAX ||
      this.#bytes + bytes > APPEND_QUEUE_BYTES_MAX;
    if (isFull) {
      return { ok: false, failure: OVERLOADED };
    }
    this.#events += request.events.length;
    this.#bytes += bytes;
    try {
      return ok(await this.#enqueue(request));
    } finally {
      this.#events -= request.events.length;
      this.#bytes -= bytes;
    }
  }

  #enqueue(request: AppendRequest): Promise<Receipts> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (!this.#draining) {
        this.#draining = true;
        void this.#drain();
      }
    });
  }

  /** Commits and seals by turns, so that neither waits for more than a few steps of the other. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#ports.sealable() > 0) {
      if (this.#waiting.length > 0) {
        await this.#commit();
      }
      if (!(await this.#sealSome()) && this.#waiting.length === 0) {
        break;
      }
    }
    this.#draining = false;
  }

  /** @returns false when a step failed: it is tried again after the next commit. */
  async #sealSome(): Promise<boolean> {
    const steps = sealSteps(this.#ports.sealable(), this.#waiting.length);
    for (let step = 0; step < steps; step++) {
      try {
        this.#ports.seal();
      } catch (error) {
        const message = "A block could not be sealed. It is tried again after the next append.";
        log.error("seal.failed", message, errorFacts(error));
        return false;
      }
      await this.#ports.pause();
    }
    return true;
  }

  async #commit(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      const commit = this.#ports.commit(group.map(({ request }) => request));
      await this.#ports.flush();
      this.#ports.committed(commit);
      group.forEach(({ resolve }, index) => resolve(commit.receipts[index] ?? []));
    } catch (error) {
      group.forEach(({ reject }) => reject(error));
    }
  }
}

/**
 * How many steps are done after a commit. While a block waits: one when few appends wait for it, all when many do, which
 * take longer to be answered than that anyway. What a block has become so far would else outlive their commits, and be
 * moved about by the garbage collector. When appends come faster than blocks are made, a share of what waits.
 */
function sealSteps(sealable: number, waiting: number): number {
  if (sealable > SEALABLE_CALM) {
    return Math.ceil(sealable / 4);
  }
  return waiting < CROWD ? Math.min(sealable, 1) : sealable;
}

/** A block takes four steps, joining is one more. */
const SEALABLE_CALM = 5;
const CROWD = 8;
