/** Sizes of files as people read them. */
import { numberFormat } from "../../i18n/time-format.ts";

const UNITS = ["B", "KB", "MB", "GB", "TB"];
const STEP = 1_000;

export function sizeText(bytes: number): string {
  const step = Math.min(
    UNITS.length - 1,
    bytes === 0 ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP)),
  );
  const value = bytes / STEP ** step;
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return `${numberFormat.value.format(rounded)} ${UNITS[step]}`;
}
