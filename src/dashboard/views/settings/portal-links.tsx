/** Links with which somebody of the customer opens this log in their browser. */
import { useSignal } from "@preact/signals";
import { ROLES, type Role } from "../../../kernel/role.ts";
import { api, session } from "../../api/session.ts";
import { createPortalLink } from "../../api/settings.ts";
import { messages } from "../../i18n/messages.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { fieldText } from "../../parts/form-field.ts";
import { failureText } from "../../parts/notice.tsx";
import { Secret } from "../../parts/secret.tsx";
import { Section } from "../../parts/section.tsx";

export function PortalLinks() {
  const t = settingsMessages.value.portal;
  const link = useSignal("");
  const problem = useSignal("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { organizationId: organization } = session.value ?? {};
    if (api.value === undefined || organization === undefined) {
      return;
    }
    const returnUrl = fieldText(event, "return_url");
    const made = await createPortalLink(api.value, {
      organization,
      role: fieldText(event, "role") as Role,
      ...(returnUrl === "" ? {} : { return_url: returnUrl }),
    });
    link.value = made.ok ? made.value.link : "";
    problem.value = made.ok ? "" : failureText(made.failure);
  }

  return (
    <Section title={t.title} text={t.text}>
      <form class="form inline" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{t.role}</span>
          <select class="input" name="role">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t.roles[role]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t.returnUrl}</span>
          <input class="input" name="return_url" type="url" placeholder="https://" />
        </label>
        <button type="submit" class="button">
          {t.create}
        </button>
      </form>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {link.value !== "" && <Secret label={messages.value.link} text={link.value} hint={t.once} />}
    </Section>
  );
}
