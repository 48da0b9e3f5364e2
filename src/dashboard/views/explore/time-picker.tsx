/** Which time to look at: the last so-and-so-much, or from one moment to another, in the chosen zone. */
import { useSignal } from "@preact/signals";
import { messages } from "../../i18n/messages.ts";
import { rangeText } from "../../i18n/range-text.ts";
import { zoneName } from "../../i18n/time-format.ts";
import { momentOf, wallClock } from "../../i18n/wall-clock.ts";
import { Choices } from "../../parts/choices.tsx";
import { fieldText } from "../../parts/form-field.ts";
import { Icon } from "../../parts/icon.tsx";
import { Popover } from "../../parts/popover.tsx";
import { address, chooseZone, navigate, zone } from "../../state/address.ts";
import { ZONES } from "../../state/preferences.ts";
import { boundsOf, SPANS, type TimeRange } from "../../state/time-range.ts";

export function TimePicker() {
  const t = messages.value.time;
  return (
    <Popover
      label={t.choose}
      title={t.choose}
      buttonClass="button time-button"
      button={
        <>
          <Icon name="clock" />
          <span>{rangeText(address.value.range)}</span>
          <Icon name="down" />
        </>
      }
    >
      {(close) => (
        <TimeMenu
          onChoose={(range) => {
            close();
            navigate({ range });
          }}
        />
      )}
    </Popover>
  );
}

function TimeMenu({ onChoose }: { readonly onChoose: (range: TimeRange) => void }) {
  const t = messages.value;
  const { range } = address.value;
  return (
    <div class="time-menu">
      <div class="menu">
        {SPANS.map((span) => (
          <button
            key={span}
            type="button"
            class="menu-item"
            aria-current={range.kind === "last" && range.span === span}
            onClick={() => onChoose({ kind: "last", span })}
          >
            {t.time.spans[span]}
          </button>
        ))}
      </div>
      <BetweenForm range={range} onChoose={onChoose} />
      <div class="time-zone">
        <span class="faint">{t.display.zone}</span>
        <Choices
          label={t.display.zone}
          choices={ZONES.map((each) => [each, t.display.zones[each]] as const)}
          value={zone.value}
          onChoose={chooseZone}
        />
      </div>
    </div>
  );
}

interface BetweenFormProps {
  readonly range: TimeRange;
  readonly onChoose: (range: TimeRange) => void;
}

function BetweenForm({ range, onChoose }: BetweenFormProps) {
  const t = messages.value.time;
  const isReversed = useSignal(false);
  const timeZone = zoneName(zone.value);
  const now = Date.now();
  const { from = now - 86_400_000, to = now } = boundsOf(range, now);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const start = momentOf(fieldText(event, "from"), timeZone);
    const end = momentOf(fieldText(event, "to"), timeZone);
    isReversed.value = start === undefined || end === undefined || start >= end;
    if (start !== undefined && end !== undefined && start < end) {
      onChoose({ kind: "between", from: start, to: end });
    }
  }

  return (
    <form key={timeZone} class="time-form" onSubmit={submit}>
      <label class="field">
        <span>{t.from}</span>
        <input
          class="input"
          type="datetime-local"
          name="from"
          step="1"
          required
          defaultValue={wallClock(from, timeZone)}
        />
      </label>
      <label class="field">
        <span>{t.to}</span>
        <input
          class="input"
          type="datetime-local"
          name="to"
          step="1"
          required
          defaultValue={wallClock(to, timeZone)}
          aria-invalid={isReversed.value}
          aria-describedby="time-problem"
        />
      </label>
      <p id="time-problem" class="problem" role="alert">
        {isReversed.value ? t.reversed : ""}
      </p>
      <button type="submit" class="button primary">
        {t.apply}
      </button>
    </form>
  );
}
