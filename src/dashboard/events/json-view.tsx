/** A value as JSON text, coloured. Every text in it is isolated, so that none can change how its neighbours read. */
import { shown } from "../parts/shown-text.ts";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)/g;
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function JsonView({ value }: { readonly value: unknown }) {
  // Its own line breaks stay: those of the texts in it are escaped already.
  const text = jsonText(value).split("\n").map(shown).join("\n");
  return (
    // A long text scrolls, and without a mouse only what has the focus does.
    <pre class="json" dir="ltr" tabIndex={0}>
      {coloured(text)}
    </pre>
  );
}

function coloured(text: string) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, literal, colon = "", other] = match;
    parts.push(text.slice(at, match.index));
    if (literal === undefined) {
      parts.push(<span class="json-other">{other}</span>);
    } else {
      parts.push(<bdi class={colon === "" ? "json-text" : "json-name"}>{literal}</bdi>, colon);
    }
    at = match.index + whole.length;
  }
  return [...parts, text.slice(at)];
}
