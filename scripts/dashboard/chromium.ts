/** Where Chromium is, if it is. The tests that need it are skipped without it, and say so. */
import { existsSync } from "node:fs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const GIVEN = process.env["REKISHI_CHROMIUM"];

/** Undefined where there is none; a place that was given is the only one that is looked at. */
export const CHROMIUM = (GIVEN === undefined ? PLACES : [GIVEN]).find((place) => existsSync(place));

export const CHROMIUM_MISSING = `
  SKIPPED: the tests of the dashboard in a browser, because there is no Chromium here.
  To run them: 'apt-get install chromium', or set REKISHI_CHROMIUM to a Chromium or Chrome.
`;

export const CHROMIUM_ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
