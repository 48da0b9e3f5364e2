/** Where `announce` says what happened. Stands once in the page. */
import { said } from "./announce.ts";

export function Announcer() {
  return (
    <div role="status" aria-live="polite">
      {said.value !== "" && <div class="toast">{said.value}</div>}
    </div>
  );
}
