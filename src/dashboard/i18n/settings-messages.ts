/** The words of the settings, which few people open: loaded with that view. */
import { sayNotLoaded } from "./messages.ts";
import type { SettingsMessages } from "./settings-en.ts";
import { wordsOf } from "./words.ts";

/** To be read when `loadSettingsMessages` has resolved. */
export const { words: settingsMessages, load: loadSettingsMessages } = wordsOf<SettingsMessages>(
  {
    en: async () => (await import("./settings-en.ts")).settingsEn,
    ja: async () => (await import("./settings-ja.ts")).settingsJa,
  },
  sayNotLoaded,
);
