/** All that one event says: its fields, each with what can be done with it, and its JSON. */
import type { EventResource } from "../../contract/event.ts";
import { isEmbedded } from "../embed/is-embedded.ts";
import { messages } from "../i18n/messages.ts";
import { timeFormat } from "../i18n/time-format.ts";
import { copy } from "../parts/copy.tsx";
import { Icon } from "../parts/icon.tsx";
import { shown } from "../parts/shown-text.ts";
import { eventUrl } from "../state/address.ts";
import { filterBy, showAround } from "./event-actions.ts";
import { type EventField, fieldsOf, isWorthFiltering } from "./event-fields.ts";
import { jsonText, JsonView } from "./json-view.tsx";

/** An event may have thousands of values; beyond these they are in the JSON only. */
const FIELDS_SHOWN_MAX = 80;

export interface EventDetailProps {
  readonly event: EventResource;
}

export function EventDetail({ event }: EventDetailProps) {
  const t = messages.value;
  const fields = fieldsOf(event);
  const hidden = fields.length - FIELDS_SHOWN_MAX;
  return (
    <section class="detail" aria-label={`${t.detail.label} ${shown(event.action)}`}>
      <DetailButtons event={event} />
      <div class="detail-body">
        <dl class="fields">
          {fields.slice(0, FIELDS_SHOWN_MAX).map((field, index) => (
            <FieldLine key={index} field={field} />
          ))}
          {hidden > 0 && <p class="faint">{t.detail.moreFields(hidden)}</p>}
        </dl>
        <JsonView value={event} />
      </div>
    </section>
  );
}

function DetailButtons({ event }: EventDetailProps) {
  const t = messages.value;
  const link = new URL(eventUrl(event.organization_id, event.id), location.href).href;
  return (
    <div class="detail-buttons">
      {/* A frame has no address that others could open. */}
      {!isEmbedded && (
        <button type="button" class="button small" onClick={() => void copy(link, t.link)}>
          <Icon name="link" />
          {t.detail.copyLink}
        </button>
      )}
      <button type="button" class="button small" onClick={() => void copy(jsonText(event), t.json)}>
        <Icon name="copy" />
        {t.detail.copyJson}
      </button>
      <button type="button" class="button small" onClick={() => showAround(event)}>
        <Icon name="clock" />
        {t.detail.around}
      </button>
      <time class="faint" dateTime={event.occurred_at}>
        {timeFormat.value.full(Date.parse(event.occurred_at))}
      </time>
    </div>
  );
}

interface FieldLineProps {
  readonly field: EventField;
}

function FieldLine({ field }: FieldLineProps) {
  const { name, value } = field;
  const t = messages.value.detail;
  const shownName = shown(name);
  const shownValue = shown(value);
  return (
    <div class="field-line">
      <dt>{shownName}</dt>
      <dd>
        <bdi class="field-value">{shownValue}</bdi>
        <span class="field-buttons">
          {isWorthFiltering(field) && (
            <>
              <button
                type="button"
                class="icon-button small quiet"
                aria-label={t.filter(shownName, shownValue)}
                title={t.filter(shownName, shortened(shownValue))}
                onClick={() => filterBy(name, value, "only")}
              >
                <Icon name="filter" />
              </button>
              <button
                type="button"
                class="icon-button small quiet"
                aria-label={t.exclude(shownName, shownValue)}
                title={t.exclude(shownName, shortened(shownValue))}
                onClick={() => filterBy(name, value, "without")}
              >
                <Icon name="exclude" />
              </button>
            </>
          )}
          <button
            type="button"
            class="icon-button small quiet"
            aria-label={t.copyValue(shownName)}
            title={t.copyValue(shownName)}
            onClick={() => void copy(value, messages.value.value)}
          >
            <Icon name="copy" />
          </button>
        </span>
      </dd>
    </div>
  );
}

function shortened(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}
