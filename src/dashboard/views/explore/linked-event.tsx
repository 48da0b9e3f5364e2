/** The event that the address names, above the list: it may not be in the time or the query that is looked at. */
import type { EventResource } from "../../../contract/event.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { EventDetail } from "../../events/event-detail.tsx";
import { messages } from "../../i18n/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { failureText } from "../../parts/notice.tsx";
import { shown } from "../../parts/shown-text.ts";
import { navigate } from "../../state/address.ts";

export interface LinkedEventProps {
  readonly linked: EventResource | ApiFailure | undefined;
}

export function LinkedEvent({ linked }: LinkedEventProps) {
  const t = messages.value;
  if (linked === undefined) {
    return null;
  }
  const isFound = "object" in linked;
  return (
    <section class="linked" aria-label={t.linked.title}>
      <header>
        <Icon name="link" />
        <h2>{isFound ? <bdi>{shown(linked.action)}</bdi> : t.linked.missing}</h2>
        <button
          type="button"
          class="icon-button small quiet"
          aria-label={t.close}
          onClick={() => navigate({ eventId: undefined }, { replace: true })}
        >
          <Icon name="close" />
        </button>
      </header>
      {isFound ? <EventDetail event={linked} /> : <p class="faint">{failureText(linked)}</p>}
    </section>
  );
}
