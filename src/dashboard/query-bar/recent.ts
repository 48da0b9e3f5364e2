/** The queries that were asked last in this browser. */
import { storedSignal } from "../state/stored.ts";

const RECENT_MAX = 20;

export const recentQueries = storedSignal("recent", (value) =>
  Array.isArray(value)
    ? value.filter((each): each is string => typeof each === "string").slice(0, RECENT_MAX)
    : [],
);

export function remember(q: string): void {
  if (q !== "") {
    const others = recentQueries.value.filter((each) => each !== q);
    recentQueries.value = [q, ...others].slice(0, RECENT_MAX);
  }
}
