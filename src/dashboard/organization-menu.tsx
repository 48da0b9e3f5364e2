/** Which organization's log is open, and the way to another, for who may open more than one. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Organization } from "../contract/organization.ts";
import { findAccess } from "./api/organizations.ts";
import { api, session } from "./api/session.ts";
import { messages } from "./i18n/messages.ts";
import { Icon } from "./parts/icon.tsx";
import { Popover } from "./parts/popover.tsx";
import { shown } from "./parts/shown-text.ts";
import { navigate } from "./state/address.ts";

export function OrganizationMenu() {
  const { organizationId: current = "", holder } = session.value ?? {};
  // A credential of one organization has nothing to choose.
  if (holder !== undefined && holder.organization_id !== null) {
    return <bdi class="organization-name">{shown(holder.organization_name ?? current)}</bdi>;
  }
  return (
    <OrganizationChoice buttonClass="button quiet organization">
      <bdi>{shown(current)}</bdi>
      <Icon name="down" />
    </OrganizationChoice>
  );
}

interface OrganizationChoiceProps {
  readonly buttonClass: string;
  /** What is in the button. */
  readonly children: ComponentChildren;
}

/** A button that opens the list of the organizations. */
export function OrganizationChoice({ buttonClass, children }: OrganizationChoiceProps) {
  const t = messages.value.organization;
  return (
    <Popover label={t.choose} title={t.choose} buttonClass={buttonClass} button={children}>
      {(close) => (
        <OrganizationList
          current={session.value?.organizationId ?? ""}
          onChoose={(id) => {
            close();
            navigate({ organizationId: id, eventId: undefined, q: "" });
          }}
        />
      )}
    </Popover>
  );
}

interface OrganizationListProps {
  readonly current: string;
  readonly onChoose: (id: string) => void;
}

function OrganizationList({ current, onChoose }: OrganizationListProps) {
  const t = messages.value.organization;
  const organizations = useSignal<readonly Organization[]>([]);
  const wanted = useSignal("");
  useEffect(() => {
    async function load(): Promise<void> {
      const holder = session.value?.holder;
      if (api.value === undefined || holder === undefined) {
        return;
      }
      const access = await findAccess(api.value, holder);
      if (access.ok && access.value.kind === "many") {
        organizations.value = access.value.organizations;
      }
    }
    void load();
  }, [organizations]);

  const text = wanted.value.trim();
  const found = organizations.value.filter(({ id, name }) =>
    `${id} ${name}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <div class="menu">
      <input
        class="input"
        data-autofocus
        aria-label={t.find}
        placeholder={t.find}
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value;
        }}
      />
      {found.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          class="menu-item"
          aria-current={id === current}
          onClick={() => onChoose(id)}
        >
          <bdi>{shown(name)}</bdi>
          {name !== id && <bdi class="faint mono">{shown(id)}</bdi>}
        </button>
      ))}
      {text !== "" && !found.some(({ id }) => id === text) && (
        <button type="button" class="menu-item" onClick={() => onChoose(text)}>
          {t.openId(text)}
        </button>
      )}
    </div>
  );
}
