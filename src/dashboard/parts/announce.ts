/** Says what happened, once: the text is shown for a moment, and read aloud politely (`announcer.tsx`). */
import { signal } from "@preact/signals";

const SHOWN_MS = 2_500;

/** What is said at the moment; empty when nothing is. */
export const said = signal("");
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something short, such as that a text was copied. */
export function announce(text: string): void {
  said.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    said.value = "";
  }, SHOWN_MS);
}
