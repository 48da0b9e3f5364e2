/**
 * The little XML that S3 speaks: elements without attributes that hold either text or such elements.
 *
 * Not a parser of XML: it finds elements by name and looks at nothing else, so neither a DOCTYPE nor nesting without
 * end can make it work more than once over the text.
 */

/** The content of each element of this name, undecoded; elements that hold one of the same name do not occur. */
export function elements(xml: string, name: string): string[] {
  const [opening, closing] = [`<${name}>`, `</${name}>`];
  const found: string[] = [];
  let start = xml.indexOf(opening);
  while (start !== -1) {
    const end = xml.indexOf(closing, start);
    if (end === -1) {
      break;
    }
    found.push(xml.slice(start + opening.length, end));
    start = xml.indexOf(opening, end);
  }
  return found;
}

/** The text of the first element of this name. */
export function elementText(xml: string, name: string): string | undefined {
  const content = elements(xml, name)[0];
  return content === undefined ? undefined : decoded(content);
}

/** Whether the document's outermost element has this name; it may have attributes. */
export function isDocument(xml: string, name: string): boolean {
  const start = xml.slice(0, PROLOG_CHARACTERS_MAX).search(/<[A-Za-z]/);
  const after = xml.at(start + 1 + name.length) ?? "";
  return start !== -1 && xml.startsWith(name, start + 1) && /[\s>/]/.test(after);
}

/** The XML declaration, and the spaces by which a store keeps a connection open while it works. */
const PROLOG_CHARACTERS_MAX = 64 * 1024;

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]{2,4}));/g, (whole, ...codes) => {
    const [decimal, hexadecimal, name] = codes as (string | undefined)[];
    if (name !== undefined) {
      return NAMED[name] ?? whole;
    }
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
