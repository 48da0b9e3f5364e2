/** Which organization's log to open, for a credential that may open more than one. */
import type { Access } from "../../api/organizations.ts";
import { messages } from "../../i18n/messages.ts";
import { FirstEvent } from "../../parts/first-event.tsx";
import { fieldText } from "../../parts/form-field.ts";
import { Icon } from "../../parts/icon.tsx";
import { shown } from "../../parts/shown-text.ts";

export interface ChooseOrganizationProps {
  readonly access: Access;
  readonly onChoose: (organizationId: string) => void;
  readonly onBack: () => void;
}

export function ChooseOrganization({ access, onChoose, onBack }: ChooseOrganizationProps) {
  const t = messages.value.signIn;
  const organizations = access.kind === "many" ? access.organizations : [];
  const isEmpty = access.kind === "many" && organizations.length === 0;
  return (
    <>
      <h1>{isEmpty ? t.noneTitle : t.chooseTitle}</h1>
      <p class="faint">{subtitle(access)}</p>
      {isEmpty && <FirstEvent organizationId="org_acme" />}
      {organizations.length > 0 && (
        <ul class="organizations">
          {organizations.map(({ id, name }) => (
            <li key={id}>
              <button type="button" class="menu-item" onClick={() => onChoose(id)}>
                <Icon name="organization" />
                <bdi>{shown(name)}</bdi>
                {name !== id && <bdi class="faint mono">{shown(id)}</bdi>}
                <Icon name="chevron" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {access.kind === "unknown" && <IdForm onChoose={onChoose} />}
      <button type="button" class="button quiet small" onClick={onBack}>
        {t.back}
      </button>
    </>
  );
}

function IdForm({ onChoose }: Pick<ChooseOrganizationProps, "onChoose">) {
  const t = messages.value.signIn;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const id = fieldText(event, "id");
    if (id !== "") {
      onChoose(id);
    }
  }
  return (
    <form class="sign-in-form" onSubmit={submit}>
      <label class="field">
        <span>{t.organizationId}</span>
        <input class="input mono" name="id" required autofocus spellcheck={false} />
      </label>
      <button type="submit" class="button primary">
        {t.open}
      </button>
    </form>
  );
}

function subtitle(access: Access): string {
  const t = messages.value.signIn;
  if (access.kind === "unknown") {
    return t.organizationHint;
  }
  return access.kind === "many" && access.organizations.length > 0 ? t.chooseText : t.noneText;
}
