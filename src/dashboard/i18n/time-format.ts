/** Times and numbers as people read them, in the chosen zone and language. */
import { computed } from "@preact/signals";
import { zone } from "../state/address.ts";
import { language, type Zone } from "../state/preferences.ts";
import { type TimeFormat, timeFormatOf } from "./time-texts.ts";

/** The IANA name of a zone. */
export function zoneName(chosen: Zone): string {
  return chosen === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : chosen;
}

export const timeFormat = computed((): TimeFormat =>
  timeFormatOf(language.value === "ja" ? "ja-JP" : "en-US", zoneName(zone.value), Date.now()),
);

export const numberFormat = computed(() => new Intl.NumberFormat(language.value));
