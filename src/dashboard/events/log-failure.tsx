/** Why nothing of a log is shown: there is none of that name, or it could not be asked. */
import type { ApiFailure } from "../api/failure.ts";
import { session } from "../api/session.ts";
import { messages } from "../i18n/messages.ts";
import { OrganizationChoice } from "../organization-menu.tsx";
import { FailureNotice, Notice } from "../parts/notice.tsx";
import { shown } from "../parts/shown-text.ts";
import { navigate } from "../state/address.ts";

export interface LogFailureProps {
  readonly failure: ApiFailure;
  readonly onRetry: () => void;
}

export function LogFailure({ failure, onRetry }: LogFailureProps) {
  const t = messages.value.organization;
  const { organizationId = "", holder } = session.value ?? {};
  if (failure.status !== 404) {
    return <FailureNotice failure={failure} onRetry={onRetry} />;
  }
  const own = holder?.organization_id ?? null;
  return (
    <div role="alert">
      <Notice icon="organization" title={t.unknown(shown(organizationId))} text={t.unknownText}>
        {own === null ? (
          <OrganizationChoice buttonClass="button">{t.another}</OrganizationChoice>
        ) : (
          <button
            type="button"
            class="button"
            onClick={() => navigate({ organizationId: own, eventId: undefined, q: "" })}
          >
            {t.openId(own)}
          </button>
        )}
      </Notice>
    </div>
  );
}
