import { expect, test, vi } from "vitest";
import { APPEND_QUEUE_EVENTS_MAX, BATCH_EVENTS_MAX } from "../../../src/kernel/limits.ts";
import { AppendLine, type Carrier, type Waiting } from "../../../src/router/append-line.ts";

const NOW = 1_000_000;
const LONG_AFTER = NOW + 60_000;

function waiting(events = 1, text = "{}") {
  return {
    request: { events: Array.from({ length: events }, () => text), fingerprints: new Uint8Array() },
    wake: vi.fn<() => void>(),
  };
}

function lineOf(...all: readonly Waiting[]): AppendLine<Waiting> {
  const line = new AppendLine<Waiting>();
  all.forEach((one) => expect(line.add(one)).toBe(true));
  return line;
}

function setOut(line: AppendLine<Waiting>, now = NOW): Carrier {
  const carrier = line.setOut(now);
  if (carrier === undefined) {
    throw new Error("Nobody may set out.");
  }
  return carrier;
}

test("the first who waits sets out at once and takes all", () => {
  const [a, b] = [waiting(), waiting()];
  const line = lineOf(a, b);
  const carrier = setOut(line);
  expect(line.isGathered).toBe(true);
  expect(line.take(carrier, NOW)).toEqual([a, b]);
  expect(line.setOut(NOW)).toBeUndefined();
});

test("a second may set out while one is under way, and no third", () => {
  const line = lineOf(waiting());
  line.take(setOut(line), NOW);
  line.add(waiting());
  line.take(setOut(line), NOW);
  line.add(waiting());
  expect(line.setOut(NOW)).toBeUndefined();
});

test("nobody sets out while another gathers, who is told when enough wait", () => {
  const line = lineOf(waiting(), waiting());
  line.take(setOut(line), NOW);
  line.add(waiting());
  const gatherer = setOut(line);
  const complete = vi.fn<() => void>();
  line.gather(gatherer, complete);
  expect(line.isGathered).toBe(false);
  expect(line.setOut(NOW)).toBeUndefined();
  line.add(waiting());
  line.add(waiting());
  expect(complete).not.toHaveBeenCalled();
  line.add(waiting());
  expect(complete).toHaveBeenCalledOnce();
  expect(line.take(gatherer, NOW)).toHaveLength(4);
});

/** Sends `count` requests through the line in one call. */
function pass(line: AppendLine<Waiting>, count: number): void {
  Array.from({ length: count }, () => line.add(waiting()));
  const carrier = setOut(line);
  line.take(carrier, NOW);
  line.comeBack(carrier);
}

test("one request at a time never waits for another", () => {
  const line = new AppendLine<Waiting>();
  for (let time = 0; time < 3; time++) {
    line.add(waiting());
    expect(line.isGathered).toBe(true);
    const carrier = setOut(line);
    line.take(carrier, NOW);
    line.comeBack(carrier);
  }
});

test("as long as enough come, twice as many are waited for; when fewer came, as many as those", () => {
  const line = new AppendLine<Waiting>();
  pass(line, 3);
  pass(line, 6);
  pass(line, 7);
  Array.from({ length: 6 }, () => line.add(waiting()));
  expect(line.isGathered).toBe(false);
  line.add(waiting());
  expect(line.isGathered).toBe(true);
});

test("when a carrier is done, those who wait look up and one of them sets out", () => {
  const line = lineOf(waiting());
  const first = setOut(line);
  line.take(first, NOW);
  line.add(waiting());
  line.take(setOut(line), NOW);
  const late = waiting();
  line.add(late);
  line.comeBack(first);
  expect(late.wake).toHaveBeenCalledOnce();
  expect(line.take(setOut(line), NOW)).toEqual([late]);
});

test("carriers that are never heard of again hold nobody up", () => {
  const line = lineOf(waiting());
  line.take(setOut(line), NOW);
  line.add(waiting());
  const gatherer = setOut(line);
  line.gather(gatherer, () => undefined);
  line.add(waiting());
  expect(line.setOut(NOW)).toBeUndefined();
  expect(line.take(setOut(line, LONG_AFTER), LONG_AFTER)).toHaveLength(2);
});

test("one that was taken cannot be withdrawn, one that waits can", () => {
  const [taken, left] = [waiting(), waiting()];
  const line = lineOf(taken);
  const carrier = setOut(line);
  line.take(carrier, NOW);
  line.add(left);
  expect(line.withdraw(taken)).toBe(false);
  expect(line.withdraw(left)).toBe(true);
  line.comeBack(carrier);
  expect(line.isIdle).toBe(true);
});

test("a call carries no more events than a batch may have, but always one request", () => {
  const large = [waiting(BATCH_EVENTS_MAX), waiting(), waiting()];
  const line = lineOf(...large);
  expect(line.take(setOut(line), NOW)).toEqual(large.slice(0, 1));
  expect(line.mayGoAgain).toBe(true);
  expect(line.take(setOut(line), NOW)).toEqual(large.slice(1));
  expect(line.mayGoAgain).toBe(false);
});

test("what is more than may wait is refused, and fits again when others were taken", () => {
  const line = new AppendLine<Waiting>();
  for (let events = 0; events < APPEND_QUEUE_EVENTS_MAX; events += BATCH_EVENTS_MAX) {
    expect(line.add(waiting(BATCH_EVENTS_MAX))).toBe(true);
  }
  expect(line.add(waiting())).toBe(false);
  line.take(setOut(line), NOW);
  expect(line.add(waiting())).toBe(true);
});
