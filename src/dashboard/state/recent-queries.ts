/** The queries that were asked last in this browser, until one signs out. None of them holds a secret. */
import { holdsSecret } from "./secret.ts";
import { storedSignal } from "./stored.ts";

const RECENT_MAX = 20;

export const recentQueries = storedSignal("recent", (value) =>
  Array.isArray(value)
    ? value
        .filter((each): each is string => typeof each === "string" && !holdsSecret(each))
        .slice(0, RECENT_MAX)
    : [],
);

export function remember(q: string): void {
  if (q !== "" && !holdsSecret(q)) {
    const others = recentQueries.value.filter((each) => each !== q);
    recentQueries.value = [q, ...others].slice(0, RECENT_MAX);
  }
}

export function forgetQueries(): void {
  recentQueries.value = [];
}
