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

function readField(text: string, start: number): { readonly value: string; readonly end: number } {
  if (text[start] !== '"') {
    const end = start + (/^[^",\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
    return { value: text.slice(start, end), end };
  }
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') {
      value += text[at];
    } else if (text[at + 1] === '"') {
      value += '"';
      at++;
    } else {
      return { value, end: at + 1 };
    }
  }
  throw new SyntaxError(`The quotes at ${start} are never closed.`);
}
