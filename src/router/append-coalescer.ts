/**
 * Carries the appends that are in this isolate at the same time to their organization's object in one call, because a
 * call costs as much as all the rest of an append.
 *
 * What is kept apart, so that requests cannot get into each other's way:
 * - Only plain data and the functions that settle a promise pass from one request to another. Every request awaits a
 *   promise and a timer of its own; the platform runs what follows in the context of the request that made the promise.
 *   Where it does not (the compatibility flag below is off), every append is a call of its own.
 * - The carrier's work is kept alive by `waitUntil`, so it goes on when its own client has gone.
 * - A line is of one organization, and every request gets the answer to itself.
 * - A request that has no answer in time, or whose carrier failed, sends itself. Twice is harmless: an append is
 *   idempotent by its fingerprints.
 */
import type { Clock } from "../kernel/clock.ts";
import { eventIngestedAt } from "../kernel/event-id.ts";
import { fail, ok, type Result } from "../kernel/result.ts";
import type { AppendAnswer, TenantAppend } from "../objects/tenant/tenant-rpc.ts";
import { errorFacts, log } from "../observe/logger.ts";
import {
  AppendLine,
  type Carrier,
  GATHER_PAUSE_MS,
  GATHER_PAUSES_MAX,
  type Waiting,
} from "./append-line.ts";
import { type Tenant, UNAVAILABLE } from "./tenant.ts";
import { canWakeOthers } from "./wake.ts";

/** After this a request sends itself. */
const PATIENCE_MS = 5_000;
/** A carrier goes again and again for this long, and then leaves it to another: its request has an end, too. */
const CARRY_MS = 2_000;

/** Above so many lines, those in which nobody waits are dropped. */
const LINES_MAX = 1_000;

/** Keeps work going when the client of the request that does it has gone. */
type KeepAlive = (work: Promise<void>) => void;

export class AppendCoalescer {
  readonly #clock: Clock;
  readonly #lines = new Map<string, AppendLine<WaitingAppend>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the events are durable. */
  async append(
    tenant: Tenant,
    request: TenantAppend,
    keepAlive: KeepAlive,
  ): Promise<Result<AppendAnswer>> {
    const waiting = new WaitingAppend(request, this.#clock());
    if (!canWakeOthers()) {
      return sendOne(tenant, waiting);
    }
    const line = this.#lineOf(tenant.organizationId);
    if (!line.add(waiting)) {
      return fail(UNAVAILABLE);
    }
    // It bounds the wait, and shows the platform that this request waits for something.
    const timer = setTimeout(() => waiting.settle("alone"), PATIENCE_MS);
    while (waiting.outcome === undefined) {
      const carrier = line.setOut(this.#clock());
      if (carrier !== undefined) {
        keepAlive(this.#carry(line, carrier, tenant));
      }
      await waiting.nextWake();
    }
    clearTimeout(timer);
    return waiting.outcome === "alone"
      ? sendOne(tenant, waiting, !line.withdraw(waiting))
      : waiting.outcome;
  }

  async #carry(line: AppendLine<WaitingAppend>, carrier: Carrier, tenant: Tenant): Promise<void> {
    const endsAt = this.#clock() + CARRY_MS;
    do {
      await gather(line, carrier);
      await sendTogether(tenant, line.take(carrier, this.#clock()));
    } while (line.mayGoAgain && this.#clock() < endsAt);
    line.comeBack(carrier);
  }

  #lineOf(organizationId: string): AppendLine<WaitingAppend> {
    const known = this.#lines.get(organizationId);
    if (known !== undefined) {
      return known;
    }
    if (this.#lines.size >= LINES_MAX) {
      this.#dropIdleLines();
    }
    const line = new AppendLine<WaitingAppend>();
    this.#lines.set(organizationId, line);
    return line;
  }

  /** A line that is kept knows how many usually come at once; all that is lost with it is that. */
  #dropIdleLines(): void {
    for (const [organizationId, line] of this.#lines) {
      if (line.isIdle) {
        this.#lines.delete(organizationId);
      }
    }
  }
}

/** One request and what it awaits. Others may wake it; nobody else awaits its promise. */
class WaitingAppend implements Waiting {
  readonly request: TenantAppend;
  readonly startedAt: number;
  outcome: Result<AppendAnswer> | "alone" | undefined;
  wake: () => void = () => undefined;

  constructor(request: TenantAppend, startedAt: number) {
    this.request = request;
    this.startedAt = startedAt;
  }

  nextWake(): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.wake = () => resolve(undefined);
    return promise;
  }

  settle(outcome: Result<AppendAnswer> | "alone"): void {
    this.outcome ??= outcome;
    this.wake();
  }
}

/** Waits until as many wait as the last carrier took, or for a pause in which nobody came, at most a few pauses. */
async function gather(line: AppendLine<WaitingAppend>, carrier: Carrier): Promise<void> {
  let before = 0;
  for (let pause = 0; pause < GATHER_PAUSES_MAX; pause++) {
    if (line.isGathered || line.size === before) {
      return;
    }
    before = line.size;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), GATHER_PAUSE_MS);
    line.gather(carrier, () => resolve(undefined));
    await promise;
    clearTimeout(timer);
  }
}

/** A call that fails for what one of them may have caused sends each by itself, so that it meets only itself. */
async function sendTogether(tenant: Tenant, group: readonly WaitingAppend[]): Promise<void> {
  if (group.length === 0) {
    return;
  }
  try {
    const answers = await send(tenant, group);
    group.forEach((waiting, index) => waiting.settle(answers[index] ?? "alone"));
  } catch (error) {
    log.error("append.group", "A call with several appends failed.", errorFacts(error));
    group.forEach((waiting) => waiting.settle("alone"));
  }
}

async function sendOne(
  tenant: Tenant,
  waiting: WaitingAppend,
  wasSent?: boolean,
): Promise<Result<AppendAnswer>> {
  const [answer = fail(UNAVAILABLE)] = await send(tenant, [waiting], wasSent);
  return answer;
}

async function send(
  tenant: Tenant,
  group: readonly WaitingAppend[],
  wasSent = false,
): Promise<readonly Result<AppendAnswer>[]> {
  let calls = wasSent ? 1 : 0;
  const answers = await tenant.call((object) => {
    calls++;
    return object.append(group.map(({ request }) => request));
  });
  if (!answers.ok) {
    return group.map(() => answers);
  }
  return calls === 1
    ? answers.value
    : answers.value.map((answer, index) => asFirstAnswer(answer, group[index]?.startedAt));
}

/** What was sent twice by us may come back as replayed; what was stored since the request came is no replay. */
function asFirstAnswer(
  answer: Result<AppendAnswer>,
  startedAt: number = Number.POSITIVE_INFINITY,
): Result<AppendAnswer> {
  if (!answer.ok) {
    return answer;
  }
  const receipts = answer.value.receipts.map((receipt) =>
    eventIngestedAt(receipt.id) >= startedAt ? { ...receipt, replayed: false } : receipt,
  );
  return ok({ ...answer.value, receipts });
}
