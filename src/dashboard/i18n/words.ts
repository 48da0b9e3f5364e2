/** Words in the language that is chosen, of which only that one is loaded. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Language, language } from "../state/preferences.ts";

export interface Words<T> {
  /** To be read when `load` has resolved. */
  readonly words: ReadonlySignal<T>;
  /** Loads the words of the chosen language, and from now on of each that is chosen; the former stay until they come. */
  readonly load: () => Promise<void>;
}

/** @param onLateFailure told when another language could not be loaded; the words that are shown stay. */
export function wordsOf<T>(
  loaders: Readonly<Record<Language, () => Promise<T>>>,
  onLateFailure: () => void,
): Words<T> {
  const loaded = signal<T | undefined>(undefined);
  let loading: Promise<void> | undefined;

  async function follow(chosen: Language): Promise<void> {
    const words = await loaders[chosen]();
    if (language.peek() === chosen) {
      loaded.value = words;
    }
  }

  function begin(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = effect(() => {
        follow(language.value).catch((error: unknown) => {
          if (loaded.value === undefined) {
            // Whoever asks again begins anew.
            loading = undefined;
            stop();
            reject(error);
          } else {
            onLateFailure();
          }
        });
      });
      // Not when the first load ends: another language may have been chosen meanwhile.
      effect(() => {
        if (loaded.value !== undefined) {
          resolve();
        }
      });
    });
  }

  return {
    words: computed(() => {
      if (loaded.value === undefined) {
        throw new Error("The words are not loaded yet.");
      }
      return loaded.value;
    }),
    load: () => (loading ??= begin()),
  };
}
