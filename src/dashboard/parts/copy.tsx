/** Copies a text to the clipboard, and says so. */
import { messages } from "../i18n/messages.ts";
import { announce } from "./announce.ts";

/** @param what the copied thing in words, such as "Link". */
export async function copy(text: string, what: string): Promise<void> {
  const t = messages.value;
  try {
    await navigator.clipboard.writeText(text);
    announce(t.copied(what));
  } catch {
    // Refused, or a page without https.
    announce(t.copyRefused);
  }
}
