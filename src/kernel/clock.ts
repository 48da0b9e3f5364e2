/** Milliseconds since the Unix epoch. Everything that needs the time is given a clock, so tests can move it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

export const DAY_MS = 86_400_000;
