/** The bar at the top: the organization, the views, and how things are displayed. */
import type { Scope } from "../kernel/scope.ts";
import { endSession, may, session } from "./api/session.ts";
import { isEmbedded } from "./embed/is-embedded.ts";
import { HelpButton } from "./help.tsx";
import { messages } from "./i18n/messages.ts";
import { OrganizationMenu } from "./organization-menu.tsx";
import { Choices } from "./parts/choices.tsx";
import { Icon } from "./parts/icon.tsx";
import { Logo } from "./parts/logo.tsx";
import { Popover } from "./parts/popover.tsx";
import { address, chooseZone, navigate, urlOf, type View, zone } from "./state/address.ts";
import { language, LANGUAGES, theme, THEMES, ZONES } from "./state/preferences.ts";

/** What may be set, and so whether there is a place for it. */
const SETTINGS: readonly Scope[] = [
  "retention:write",
  "keys:write",
  "schemas:write",
  "portal:write",
];

type LinkedView = "explore" | "live" | "exports" | "settings";

function linkedViews(): readonly LinkedView[] {
  return [
    "explore",
    "live",
    ...(may("exports:write") ? (["exports"] as const) : []),
    ...(SETTINGS.some(may) ? (["settings"] as const) : []),
  ];
}

export function Header() {
  const t = messages.value;
  const returnUrl = session.value?.holder.return_url;
  return (
    <header class="header">
      {!isEmbedded && (
        <>
          <Logo />
          <OrganizationMenu />
        </>
      )}
      <nav class="views">
        {linkedViews().map((name) => (
          <ViewLink key={name} name={name} text={t.views[name]} />
        ))}
      </nav>
      <span class="space" />
      {!isEmbedded && returnUrl != null && (
        <a class="button quiet" href={returnUrl}>
          {t.portal.back}
        </a>
      )}
      <Popover
        label={t.display.title}
        title={t.display.title}
        buttonClass="icon-button quiet"
        button={
          <>
            <Icon name="sliders" />
            <span class="only-read-aloud">{t.display.title}</span>
          </>
        }
      >
        {() => <DisplayMenu />}
      </Popover>
      <HelpButton />
    </header>
  );
}

function ViewLink({ name, text }: { readonly name: View; readonly text: string }) {
  const place = { ...address.value, view: name, eventId: undefined };
  function onClick(event: MouseEvent): void {
    // With a modifier the browser opens another tab.
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    navigate(place);
  }
  return (
    <a
      href={urlOf(place)}
      aria-current={address.value.view === name ? "page" : undefined}
      onClick={onClick}
    >
      {text}
    </a>
  );
}

function DisplayMenu() {
  const t = messages.value;
  return (
    <div class="display-menu">
      <span>{t.display.language}</span>
      <Choices
        label={t.display.language}
        choices={LANGUAGES.map((each) => [each, each === "ja" ? "日本語" : "English"] as const)}
        value={language.value}
        onChoose={(value) => {
          language.value = value;
        }}
      />
      <span>{t.display.theme}</span>
      <Choices
        label={t.display.theme}
        choices={THEMES.map((each) => [each, t.display.themes[each]] as const)}
        value={theme.value}
        onChoose={(value) => {
          theme.value = value;
        }}
      />
      <span>{t.display.zone}</span>
      <Choices
        label={t.display.zone}
        choices={ZONES.map((each) => [each, t.display.zones[each]] as const)}
        value={zone.value}
        onChoose={chooseZone}
      />
      {!isEmbedded && (
        <button type="button" class="button small" onClick={() => void endSession()}>
          {t.signIn.signOut}
        </button>
      )}
    </div>
  );
}
