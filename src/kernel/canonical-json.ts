/**
 * RFC 8785 canonical JSON (JCS): one value, one text, so a hash of the text is a hash of the value.
 *
 * ECMAScript's own serialisation of strings and numbers is what JCS prescribes (§3.2.2); the order of names (§3.2.3,
 * by UTF-16 code unit) is not, because engines put integer-like names first. The input comes from the strict reader.
 */
import type { Json } from "./strict-json.ts";

export function canonicalJson(value: Json): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(",")}]`;
  }
  let text = "{";
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) {
      text += `${text === "{" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
    }
  }
  return `${text}}`;
}
