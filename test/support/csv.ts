/** A reader of CSV, written from the grammar of RFC 4180 §2 alone: what the writer makes is not judged by its own library. */

export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      const field = readField(text, at);
      record.push(field.value);
      at = field.end;
      if (text[at] !== ",") {
        break;
      }
      at++;
    }
    if (text.slice(at, at + 2) !== "\r\n") {
      throw new SyntaxError(`Expected CRLF at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    }
    at += 2;
    records.push(record);
  }
  return records;
}

const PLAIN = /[^",\r\n]*/y;

function readField(text: string, start: number): { readonly value: string; readonly end: number } {
  if (text[start] !== '"') {
    PLAIN.lastIndex = start;
    const value = PLAIN.exec(text)?.[0] ?? "";
    return { value, end: start + value.length };
  }
  let value = "";
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) {
      throw new SyntaxError(`The quotes at ${start} are never closed.`);
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      return { value, end: quote + 1 };
    }
    value += '"';
    at = quote + 2;
  }
}
