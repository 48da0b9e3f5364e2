/** A value as JSON text, coloured. Every text in it is isolated, so that none can change how its neighbours read. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)/g;
/** Characters that turn the direction of a text or are not seen: shown as the escapes that they are in JSON too. */
const UNSEEN = /[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function JsonView({ value }: { readonly value: unknown }) {
  const text = jsonText(value).replaceAll(
    UNSEEN,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
