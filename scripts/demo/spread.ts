/** When the events of the demo happened: over the last 30 days, the more recent the denser. */

const WINDOW_MS = 30 * 24 * 60 * 60 * 1_000;
/** Multiples of this fill the unit interval evenly, and neighbours in the list land far apart. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** Above 1, events crowd towards now, as they do in a product that grows. */
const DENSITY = 1.5;

/** The times of `count` events, in milliseconds since the epoch. The same arguments give the same times. */
export function spreadTimes(count: number, now: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const age = ((index + 1) * GOLDEN_RATIO) % 1;
    return now - Math.round(age ** DENSITY * WINDOW_MS);
  });
}
