/**
 * The words of the dashboard, in the language that is chosen. `en.ts` says which there are; a language lacks none. Only
 * the chosen language is loaded.
 */
import { computed, effect, signal } from "@preact/signals";
import { announce } from "../parts/announce.ts";
import { type Language, language } from "../state/preferences.ts";
import type { en } from "./en.ts";

export type Messages = typeof en;

const LOADERS: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import("./en.ts")).en,
  ja: async () => (await import("./ja.ts")).ja,
};

const loaded = signal<Messages | undefined>(undefined);

/** To be read when `loadMessages` has resolved. */
export const messages = computed((): Messages => {
  if (loaded.value === undefined) {
    throw new Error("The words are not loaded yet.");
  }
  return loaded.value;
});

/** Loads the words of the chosen language, and from now on of each that is chosen; the former stay until they come. */
export function loadMessages(): Promise<void> {
  return new Promise((resolve, reject) => {
    effect(() => {
      void load(language.value).catch(onFailure);
    });
    function onFailure(error: unknown): void {
      if (loaded.value === undefined) {
        reject(error);
      } else {
        // Those that are shown stay.
        announce(loaded.value.failure.viewNotLoaded);
      }
    }
    // Not when the first load ends: another language may have been chosen meanwhile.
    effect(() => {
      if (loaded.value !== undefined) {
        resolve();
      }
    });
  });
}

async function load(chosen: Language): Promise<void> {
  const words = await LOADERS[chosen]();
  if (language.peek() === chosen) {
    loaded.value = words;
  }
}
