/** The origin of a web page, such as https://app.example.com: scheme, host and port, and nothing else. */

/** Stricter than a URL parser, because origins are written into headers. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** Whether `text` is an origin exactly as browsers write it. */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.parse(text)?.origin === text;
}

/** The parts of a list with spaces or commas between them. */
export function splitOrigins(text: string): string[] {
  return text.split(/[\s,]+/).filter((origin) => origin !== "");
}
