/** What a person chose for this browser: language, theme, time zone, columns. */
import { effect } from "@preact/signals";
import { oneOf, storedSignal } from "./stored.ts";

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const ZONES = ["local", "UTC", "Asia/Tokyo"] as const;
export type Zone = (typeof ZONES)[number];

export const language = storedSignal<Language>("language", oneOf(LANGUAGES, browserLanguage()));
export const theme = storedSignal<Theme>("theme", oneOf(THEMES, "system"));
export const preferredZone = storedSignal<Zone>("zone", oneOf(ZONES, "local"));
export const preferredColumns = storedSignal("columns", (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string")
    ? (value as readonly string[])
    : undefined,
);

/** Tells the document, where the styles read it. */
export function applyPreferences(): void {
  effect(() => {
    document.documentElement.lang = language.value;
  });
  effect(() => {
    if (theme.value === "system") {
      delete document.documentElement.dataset["theme"];
    } else {
      document.documentElement.dataset["theme"] = theme.value;
    }
  });
}

function browserLanguage(): Language {
  return navigator.languages.some((each) => each.startsWith("ja")) ? "ja" : "en";
}
