/** Settings of the organization whose log is open. A section is there when the session may change what is in it. */
import { may } from "../../api/session.ts";
import { settingsMessages } from "../../i18n/settings-messages.ts";
import { Notice } from "../../parts/notice.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { PortalLinks } from "./portal-links.tsx";
import { Retention } from "./retention.tsx";
import { Schemas } from "./schemas.tsx";

export function Settings() {
  const t = settingsMessages.value;
  const sections = [
    may("retention:write") && <Retention key="retention" />,
    may("keys:write") && <ApiKeys key="keys" />,
    may("schemas:write") && <Schemas key="schemas" />,
    may("portal:write") && <PortalLinks key="portal" />,
  ].filter(Boolean);
  return (
    <main class="page" id="events">
      <h1>{t.title}</h1>
      {sections.length === 0 ? (
        <Notice icon="sliders" title={t.nothing.title} text={t.nothing.text} />
      ) : (
        sections
      )}
    </main>
  );
}
