/** The dashboard inside a page of another site: dressed as that page says, and with nothing kept in the browser. */
import { LANGUAGES, language, THEMES, theme } from "../state/preferences.ts";
import { isEmbedded } from "./is-embedded.ts";
import { type Appearance, type FrameMessage, THEME_NAMES } from "./protocol.ts";

/** Listens to the page around the frame. The server decides which pages these can be (frame-ancestors). */
export function joinHost(): void {
  if (!isEmbedded || parent === window) {
    return;
  }
  addEventListener("message", ({ source, data }: MessageEvent) => {
    const appearance = (data ?? {}) as Partial<Appearance>;
    if (source === parent && appearance.type === "rekishi.appearance") {
      dress(appearance);
    }
  });
  tellHost({ type: "rekishi.ready" });
}

/** Says something that is no secret, because the host's origin is not known here. */
export function tellHost(message: FrameMessage): void {
  parent.postMessage(message, "*");
}

function dress({ theme: wantedTheme, language: wantedLanguage, variables }: Partial<Appearance>) {
  theme.value = THEMES.find((each) => each === wantedTheme) ?? "system";
  language.value =
    LANGUAGES.find((each) => wantedLanguage?.startsWith(each) === true) ?? language.value;
  for (const name of THEME_NAMES) {
    const value = variables?.[name];
    if (typeof value === "string") {
      document.documentElement.style.setProperty(`--${name}`, value);
    }
  }
}
