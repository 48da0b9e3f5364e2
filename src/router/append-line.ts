/**
 * The appends of one organization that wait in this isolate for a call that carries them, and who may set out with
 * them. It decides only: it has no clock, awaits nothing, and calls nobody but those who wait.
 *
 * A *carrier* gathers until as many wait as its forerunner took, or until nobody comes any more, and then takes all. Two may be
 * under way, so that one that waits for a far object does not hold up all others. A carrier that has not been heard of
 * for its lease is not counted any more, so losing one holds up nobody.
 */
import {
  APPEND_QUEUE_BYTES_MAX,
  APPEND_QUEUE_EVENTS_MAX,
  BATCH_BODY_BYTES_MAX,
  BATCH_EVENTS_MAX,
} from "../kernel/limits.ts";
import type { AppendRequest } from "../log/log.ts";

/** A carrier sets out when nobody came for this long: waiting on would cost more than it saves. */
export const GATHER_PAUSE_MS = 2;
/** So many such pauses are waited at most while others keep coming. */
export const GATHER_PAUSES_MAX = 6;
const CARRIERS_MAX = 2;
const LEASE_MS = 5_000;

/** One request that waits. */
export interface Waiting {
  readonly request: AppendRequest;
  /** Makes it look whether it has its answer, or has to set out itself. */
  readonly wake: () => void;
}

/** One who was let to set out. */
export interface Carrier {
  leaseEndsAt: number;
}

interface Gathering {
  readonly carrier: Carrier;
  readonly complete: () => void;
}

export class AppendLine<One extends Waiting> {
  #waiting: One[] = [];
  #events = 0;
  #characters = 0;
  #carriers: Carrier[] = [];
  #gathering: Gathering | undefined;
  /** As many as a carrier waits for. */
  #enough = 1;

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#carriers.length === 0;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** False when so much waits that this one has to be refused. */
  add(waiting: One): boolean {
    const { events } = waiting.request;
    const characters = charactersOf(waiting.request);
    if (
      this.#events + events.length > APPEND_QUEUE_EVENTS_MAX ||
      this.#characters + characters > APPEND_QUEUE_BYTES_MAX
    ) {
      return false;
    }
    this.#events += events.length;
    this.#characters += characters;
    this.#waiting.push(waiting);
    if (this.isGathered) {
      this.#gathering?.complete();
    }
    return true;
  }

  /** Takes back one that has waited too long. False when it is under way already. */
  withdraw(waiting: One): boolean {
    const at = this.#waiting.indexOf(waiting);
    if (at !== -1) {
      this.#waiting.splice(at, 1);
      this.#forget(waiting);
    }
    return at !== -1;
  }

  /** A new carrier, if something waits and nobody else will take it soon. */
  setOut(now: number): Carrier | undefined {
    this.#carriers = this.#carriers.filter(({ leaseEndsAt }) => leaseEndsAt > now);
    if (this.#gathering !== undefined && this.#gathering.carrier.leaseEndsAt <= now) {
      this.#gathering = undefined;
    }
    const isTaken = this.#gathering !== undefined || this.#carriers.length >= CARRIERS_MAX;
    if (isTaken || this.#waiting.length === 0) {
      return undefined;
    }
    const carrier = { leaseEndsAt: now + LEASE_MS };
    this.#carriers.push(carrier);
    return carrier;
  }

  /** Enough wait: as many as the last carrier took, or twice as many while there are always more. */
  get isGathered(): boolean {
    return this.#waiting.length >= this.#enough;
  }

  /** `complete` is called once when enough wait. */
  gather(carrier: Carrier, complete: () => void): void {
    this.#gathering = { carrier, complete };
  }

  /** What the carrier takes with it: all that waits, within what one call may carry. */
  take(carrier: Carrier, now: number): readonly One[] {
    if (this.#gathering?.carrier === carrier) {
      this.#gathering = undefined;
    }
    carrier.leaseEndsAt = now + LEASE_MS;
    const taken = this.#waiting.splice(0, this.#fitting());
    taken.forEach((waiting) => this.#forget(waiting));
    const wereEnough = taken.length > 1 && taken.length >= this.#enough;
    this.#enough = Math.max(1, taken.length * (wereEnough ? 2 : 1));
    return taken;
  }

  /** The carrier is done. All who wait look up: the first of them whose request is still alive sets out. */
  comeBack(carrier: Carrier): void {
    this.#carriers = this.#carriers.filter((other) => other !== carrier);
    if (this.#gathering === undefined) {
      this.#waiting.forEach(({ wake }) => wake());
    }
  }

  /** Whether the carrier may go again at once: something waits and nobody gathers it. */
  get mayGoAgain(): boolean {
    return this.#waiting.length > 0 && this.#gathering === undefined;
  }

  #fitting(): number {
    let events = 0;
    let characters = 0;
    let count = 0;
    for (const { request } of this.#waiting) {
      events += request.events.length;
      characters += charactersOf(request);
      if (count > 0 && (events > BATCH_EVENTS_MAX || characters > BATCH_BODY_BYTES_MAX)) {
        break;
      }
      count++;
    }
    return count;
  }

  #forget({ request }: One): void {
    this.#events -= request.events.length;
    this.#characters -= charactersOf(request);
  }
}

function charactersOf({ events }: AppendRequest): number {
  return events.reduce((sum, event) => sum + event.length, 0);
}
