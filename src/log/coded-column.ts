/** A column of texts that come again and again: a code an item, and a dictionary of the texts. */
import { BitPlanes, type Codes } from "./bit-planes.ts";
import { EventSet, WORD_BITS } from "./event-set.ts";
import { shortHashes } from "./hash-text.ts";

/** What a column is made of, each part when it is asked for. */
export interface ColumnSource {
  /** The values as JSON, one a line, in order of their codes: one can be found without reading the others. */
  dictionary(): string;
  codes(): Codes | BitPlanes;
  /** `shortHashes` of the lines of the dictionary, where this is large and apart. */
  hashes?(): Uint16Array | undefined;
}

/** So many codes are looked for one by one in less time than all codes are put together. */
const FEW_CODES = 4;

/** A text for every event, or for every target of every event, by its code. */
export class CodedColumn {
  readonly #source: ColumnSource;
  #dictionary: string | undefined;
  #stored: Codes | BitPlanes | undefined;
  #codes: Codes | undefined;
  #hashes: Uint16Array | undefined;
  #values: readonly string[] | undefined;
  #texts: readonly string[] | undefined;

  constructor(source: ColumnSource) {
    this.#source = source;
  }

  get dictionary(): string {
    return (this.#dictionary ??= this.#source.dictionary());
  }

  get codes(): Codes {
    const stored = this.#storedCodes;
    return (this.#codes ??= stored instanceof BitPlanes ? stored.codes() : stored);
  }

  get hashes(): Uint16Array | undefined {
    return (this.#hashes ??= this.#source.hashes?.());
  }

  /** The values as JSON. */
  get texts(): readonly string[] {
    return (this.#texts ??= this.dictionary.split("\n"));
  }

  get values(): readonly string[] {
    return (this.#values ??= JSON.parse(
      `[${this.dictionary.replaceAll("\n", ",")}]`,
    ) as readonly string[]);
  }

  /** Those of some items that have a value. Of a value that nothing has, no code is read. */
  itemsWith(value: string, among: EventSet): EventSet {
    const json = JSON.stringify(value);
    const code = this.#mayHave(json, among) ? this.#codeOf(json) : undefined;
    return code === undefined ? new EventSet(among.size) : this.#itemsOf([code], among);
  }

  /** Those of some items that have a code which is wanted. @param wanted for each code, 1 when it is. */
  itemsOf(wanted: Uint8Array, among: EventSet): EventSet {
    const few = fewCodes(wanted);
    return few === undefined ? this.#itemsOfMany(wanted, among) : this.#itemsOf(few, among);
  }

  get #storedCodes(): Codes | BitPlanes {
    return (this.#stored ??= this.#source.codes());
  }

  #itemsOf(few: readonly number[], among: EventSet): EventSet {
    let items = new EventSet(among.size);
    for (const code of few) {
      const stored = this.#storedCodes;
      const some =
        stored instanceof BitPlanes
          ? stored.itemsOf(code, among)
          : this.#itemsOfMany(onlyWanted(code), among);
      items = items.or(some);
    }
    return items;
  }

  #itemsOfMany(wanted: Uint8Array, among: EventSet): EventSet {
    const { codes } = this;
    return among.narrowed((word) => {
      let bits = 0;
      for (let bit = 0; bit < WORD_BITS; bit++) {
        bits |= (wanted[codes[word * WORD_BITS + bit] ?? 0] ?? 0) << bit;
      }
      return bits;
    });
  }

  /** False when hashes tell that none of the items has the value, so that the dictionary need not be read. */
  #mayHave(json: string, among: EventSet): boolean {
    const { hashes } = this;
    if (hashes === undefined) {
      return true;
    }
    const [hash = 0] = shortHashes([json]);
    for (let code = hashes.indexOf(hash); code !== -1; code = hashes.indexOf(hash, code + 1)) {
      if (!this.#itemsOf([code], among).isEmpty) {
        return true;
      }
    }
    return false;
  }

  /** Undefined when no item has the value. */
  #codeOf(json: string): number | undefined {
    const text = `\n${this.dictionary}\n`;
    const at = text.indexOf(`\n${json}\n`);
    return at === -1 ? undefined : countLines(text, at);
  }
}

/** The codes that are wanted, if they are few. */
function fewCodes(wanted: Uint8Array): number[] | undefined {
  const codes: number[] = [];
  for (let code = wanted.indexOf(1); code !== -1; code = wanted.indexOf(1, code + 1)) {
    if (codes.push(code) > FEW_CODES) {
      return undefined;
    }
  }
  return codes;
}

function onlyWanted(code: number): Uint8Array {
  const wanted = new Uint8Array(code + 1);
  wanted[code] = 1;
  return wanted;
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", 1); at !== -1 && at <= end; at = text.indexOf("\n", at + 1)) {
    lines++;
  }
  return lines;
}
