/** The words of the exports: loaded with that view. */
import type { ExportsMessages } from "./exports-en.ts";
import { sayNotLoaded } from "./messages.ts";
import { wordsOf } from "./words.ts";

/** To be read when `loadExportsMessages` has resolved. */
export const { words: exportsMessages, load: loadExportsMessages } = wordsOf<ExportsMessages>(
  {
    en: async () => (await import("./exports-en.ts")).exportsEn,
    ja: async () => (await import("./exports-ja.ts")).exportsJa,
  },
  sayNotLoaded,
);
