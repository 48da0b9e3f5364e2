/**
 * The words of the dashboard, in the language that is chosen. `en.ts` says which there are; a language lacks none. Those
 * of the settings are loaded with them (`settings-messages.ts`).
 */
import { announce } from "../parts/announce.ts";
import type { en } from "./en.ts";
import { wordsOf } from "./words.ts";

export type Messages = typeof en;

/** To be read when `loadMessages` has resolved. */
export const { words: messages, load: loadMessages } = wordsOf<Messages>(
  {
    en: async () => (await import("./en.ts")).en,
    ja: async () => (await import("./ja.ts")).ja,
  },
  sayNotLoaded,
);

export function sayNotLoaded(): void {
  announce(messages.value.failure.viewNotLoaded);
}
