/** The words of the dashboard, in the language that is chosen. `en.ts` says which there are; a language lacks none. */
import { computed } from "@preact/signals";
import { language } from "../state/preferences.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";

export type Messages = typeof en;

export const messages = computed((): Messages => (language.value === "ja" ? ja : en));
