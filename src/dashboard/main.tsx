/**
 * The dashboard: what runs in the browser. It shows what the API gives, and decides nothing that the API must enforce.
 *
 * `views/` has one folder for each place one can be in, `events/` and `query-bar/` what several of them show, `api/`
 * the only code that talks to the server, `state/` what outlives a view: the address, preferences, saved views, `embed/` what shows it all inside another site.
 */
import "./styles/main.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { joinHost } from "./embed/frame.ts";
import { loadMessages } from "./i18n/messages.ts";
import { applyPreferences } from "./state/preferences.ts";

applyPreferences();
joinHost();
const root = document.querySelector("#app");
if (root !== null) {
  loadMessages().then(
    () => render(<App />, root),
    // Not in the language of whoever reads it, because no language could be loaded.
    () => root.replaceChildren("The dashboard could not be loaded. Reload the page."),
  );
}
