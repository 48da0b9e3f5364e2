/** The frame around the views: who is signed in, which view is open, and what is on every one of them. */
import { useSignalEffect } from "@preact/signals";
import { session, signIn } from "./api/session.ts";
import { isEmbedded } from "./embed/is-embedded.ts";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { messages } from "./i18n/messages.ts";
import { announce } from "./parts/announce.ts";
import { Announcer } from "./parts/announcer.tsx";
import { LazyView } from "./parts/lazy-view.tsx";
import { address, isSecretKeptOut, navigate, view } from "./state/address.ts";
import { Explore } from "./views/explore/explore.tsx";
import { SignIn } from "./views/sign-in/sign-in.tsx";

export function App() {
  const open = session.value;
  useSignalEffect(followAddress);
  useSignalEffect(saySecretKeptOut);
  return (
    <>
      {view.value === "portal" || (isEmbedded && open === undefined) ? (
        <LazyView load={loadPortal} />
      ) : open === undefined ? (
        <SignIn />
      ) : (
        <div class="app">
          {(view.value === "explore" || view.value === "live") && (
            <a class="skip" href="#events">
              {messages.value.skipToEvents}
            </a>
          )}
          <Header />
          <Help />
          {/* Another organization is another log: nothing of the view survives the change. */}
          <View key={`${view.value} ${open.organizationId}`} />
        </div>
      )}
      <Announcer />
    </>
  );
}

function View() {
  switch (view.value) {
    case "live":
      return <LazyView load={loadLive} />;
    case "exports":
      return <LazyView load={loadExports} />;
    case "settings":
      return <LazyView load={loadSettings} />;
    default:
      return <Explore />;
  }
}

async function loadLive() {
  return (await import("./views/live/live.tsx")).Live;
}

async function loadPortal() {
  return (await import("./views/portal/portal.tsx")).Portal;
}

async function loadExports() {
  const [{ Exports }, { loadExportsMessages }] = await Promise.all([
    import("./views/exports/exports.tsx"),
    import("./i18n/exports-messages.ts"),
  ]);
  await loadExportsMessages();
  return Exports;
}

async function loadSettings() {
  const [{ Settings }, { loadSettingsMessages }] = await Promise.all([
    import("./views/settings/settings.tsx"),
    import("./i18n/settings-messages.ts"),
  ]);
  await loadSettingsMessages();
  return Settings;
}

function saySecretKeptOut(): void {
  if (isSecretKeptOut.value) {
    isSecretKeptOut.value = false;
    announce(messages.peek().query.secret);
  }
}

/** The address says whose log is open; where it does not, it is told. */
function followAddress(): void {
  const open = session.value;
  const wanted = address.value.organizationId;
  if (open === undefined || open.organizationId === "") {
    return;
  }
  if (wanted === undefined) {
    navigate({ organizationId: open.organizationId }, { replace: true });
  } else if (wanted !== open.organizationId) {
    signIn({ ...open, organizationId: wanted });
  }
}
