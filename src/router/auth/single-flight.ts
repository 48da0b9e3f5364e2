/**
 * Asks once what many requests of this isolate want to know at the same time. One of them asks; the others wait for a
 * promise and a timer of their own, and are handed the answer as plain data: a promise of one request must never be
 * awaited by another in a Worker. Who asks may be cut off when its client leaves, so nobody waits for long.
 */
import type { Clock } from "../../kernel/clock.ts";
import { fail, ok, type Result } from "../../kernel/result.ts";
import { canWakeOthers } from "../wake.ts";

interface Flight<T> {
  /** Who asks has been cut off if there is no answer by then. */
  readonly endsAt: number;
  readonly waiting: Set<(answer: Result<T, unknown>) => void>;
}

export class SingleFlight<T> {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #flights = new Map<string, Flight<T>>();

  /** @param patienceMs after this who waits asks in the place of who asked. */
  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** What `ask` gives, or throws as a failure. Who asks the same `question` meanwhile gets the same. */
  async ask(question: string, ask: () => Promise<T>): Promise<Result<T, unknown>> {
    for (;;) {
      const flight = this.#flights.get(question);
      const restMs = flight === undefined ? 0 : flight.endsAt - this.#clock();
      if (flight === undefined || restMs <= 0 || !canWakeOthers()) {
        return this.#fly(question, ask);
      }
      const answer = await answerOf(flight, restMs);
      if (answer !== undefined) {
        return answer;
      }
    }
  }

  /** What is asked from now on is not answered by what was asked before. */
  reset(): void {
    this.#flights.clear();
  }

  async #fly(question: string, ask: () => Promise<T>): Promise<Result<T, unknown>> {
    const flight: Flight<T> = { endsAt: this.#clock() + this.#patienceMs, waiting: new Set() };
    this.#flights.set(question, flight);
    const answer = await settled(ask);
    if (this.#flights.get(question) === flight) {
      this.#flights.delete(question);
    }
    flight.waiting.forEach((wake) => wake(answer));
    return answer;
  }
}

async function settled<T>(ask: () => Promise<T>): Promise<Result<T, unknown>> {
  try {
    return ok(await ask());
  } catch (error) {
    return fail(error);
  }
}

/** Undefined when there is none in time. The timer also shows the platform that this request waits for something. */
async function answerOf<T>(
  { waiting }: Flight<T>,
  restMs: number,
): Promise<Result<T, unknown> | undefined> {
  const { promise, resolve } = Promise.withResolvers<Result<T, unknown> | undefined>();
  waiting.add(resolve);
  const timer = setTimeout(() => resolve(undefined), restMs);
  const answer = await promise;
  clearTimeout(timer);
  return answer;
}
