/** Signals whose value outlives the page, in this browser. */
import { effect, type Signal, signal } from "@preact/signals";

const PREFIX = "rekishi.";

/** @param read makes a value of what was stored, which an older version or a person may have written. */
export function storedSignal<T>(name: string, read: (value: unknown) => T): Signal<T> {
  const stored = signal(read(load(name)));
  effect(() => {
    save(name, stored.value);
  });
  return stored;
}

/** Reads one of the choices; `otherwise` for anything else. */
export function oneOf<T extends string>(choices: readonly T[], otherwise: T) {
  return (value: unknown): T => choices.find((choice) => choice === value) ?? otherwise;
}

function load(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return undefined;
  }
}

/** A browser may refuse to store anything; the choice then lasts as long as the page. */
function save(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // See above.
  }
}
