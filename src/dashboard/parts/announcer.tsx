/** What happened, said once: shown for a moment, and read aloud politely. */
import { signal } from "@preact/signals";

const SHOWN_MS = 2_500;

const said = signal("");
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something short, such as that a text was copied. */
export function announce(text: string): void {
  said.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    said.value = "";
  }, SHOWN_MS);
}

/** Stands once in the page. */
export function Announcer() {
  return (
    <div role="status" aria-live="polite">
      {said.value !== "" && <div class="toast">{said.value}</div>}
    </div>
  );
}
