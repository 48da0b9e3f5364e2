/** How long events are kept. Before a shorter time is set, it is said what that deletes. */
import { useSignal } from "@preact/signals";
import { useCallback } from "preact/hooks";
import { RETENTION_DAYS_MAX, RETENTION_DAYS_MIN } from "../../../kernel/limits.ts";
import type { Api } from "../../api/client.ts";
import { api, session } from "../../api/session.ts";
import { previewRetention, readRetention, writeRetention } from "../../api/settings.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { announce } from "../../parts/announce.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { fieldText } from "../../parts/form-field.ts";
import { LoadedPart } from "../../parts/loaded-part.tsx";
import { useLoaded } from "../../parts/loaded.ts";
import { failureText } from "../../parts/notice.tsx";
import { Section } from "../../parts/section.tsx";

export function Retention() {
  const t = settingsMessages.value.retention;
  const organizationId = session.value?.organizationId ?? "";
  const retention = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => readRetention(client, organizationId, signal),
      [organizationId],
    ),
  );
  return (
    <Section title={t.title} text={t.text}>
      <LoadedPart loading={retention}>
        {({ retention_period_in_days: days }) => (
          <RetentionForm
            key={days}
            days={days}
            organizationId={organizationId}
            onChange={retention.reload}
          />
        )}
      </LoadedPart>
    </Section>
  );
}

interface RetentionFormProps {
  readonly days: number;
  readonly organizationId: string;
  readonly onChange: () => void;
}

function RetentionForm({ days, organizationId, onChange }: RetentionFormProps) {
  const t = settingsMessages.value.retention;
  const shorter = useSignal<number | undefined>(undefined);
  const problem = useSignal("");

  async function write(wanted: number): Promise<void> {
    shorter.value = undefined;
    const written =
      api.value === undefined ? undefined : await writeRetention(api.value, organizationId, wanted);
    if (written?.ok === true) {
      announce(t.saved);
      onChange();
    } else if (written !== undefined) {
      problem.value = failureText(written.failure);
    }
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const wanted = Number(fieldText(event, "days"));
    if (wanted < days) {
      shorter.value = wanted;
    } else if (wanted > days) {
      void write(wanted);
    }
  }

  return (
    <form class="form inline" onSubmit={submit}>
      <label class="field">
        <span>{t.days(RETENTION_DAYS_MIN, RETENTION_DAYS_MAX)}</span>
        <input
          class="input"
          name="days"
          type="number"
          required
          min={RETENTION_DAYS_MIN}
          max={RETENTION_DAYS_MAX}
          step={1}
          defaultValue={String(days)}
        />
      </label>
      <button type="submit" class="button">
        {t.save}
      </button>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {shorter.value !== undefined && (
        <ShorterRetention
          organizationId={organizationId}
          days={shorter.value}
          onConfirm={(wanted) => void write(wanted)}
          onClose={() => {
            shorter.value = undefined;
          }}
        />
      )}
    </form>
  );
}

interface ShorterRetentionProps {
  readonly organizationId: string;
  readonly days: number;
  readonly onConfirm: (days: number) => void;
  readonly onClose: () => void;
}

function ShorterRetention({ organizationId, days, onConfirm, onClose }: ShorterRetentionProps) {
  const t = settingsMessages.value.retention;
  const { loaded } = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => previewRetention(client, organizationId, days, signal),
      [organizationId, days],
    ),
  );
  if (loaded.kind === "loading") {
    return null;
  }
  // A preview that fails keeps nobody from deciding.
  const events = loaded.kind === "ready" ? loaded.value.preview?.events : undefined;
  const isHarmless = events === 0;
  return (
    <Confirm
      title={t.shorterTitle(days)}
      text={isHarmless ? t.nothingExpires(days) : t.shorterText(events)}
      action={isHarmless ? t.save : t.shorten}
      isHarmless={isHarmless}
      onConfirm={() => onConfirm(days)}
      onClose={onClose}
    />
  );
}
