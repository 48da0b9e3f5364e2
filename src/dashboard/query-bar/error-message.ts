/** What is wrong with a query, in the chosen language. */
import { messages } from "../i18n/messages.ts";

/** The parser says it in English. What a language has no sentence for stays so. */
export function errorMessage(message: string): string {
  for (const [pattern, translated] of messages.value.query.errors) {
    if (pattern.test(message)) {
      return message.replace(pattern, translated);
    }
  }
  return message;
}
