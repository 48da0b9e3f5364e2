/**
 * A reader of JSON written by the grammar (RFC 8259) with the rules of I-JSON (RFC 7493) on top, one character after
 * another and without regard for speed, to compare with the one that is used.
 */

/** Does the text hold to all rules? @param depthMax of arrays and objects. */
export function isStrictJson(text: string, depthMax: number): boolean {
  const reader = new Reader(text, depthMax);
  try {
    reader.value(0);
    reader.space();
    return reader.isAtEnd;
  } catch (error) {
    if (error instanceof Refusal) {
      return false;
    }
    throw error;
  }
}

class Refusal extends Error {}

class Reader {
  readonly #text: string;
  readonly #depthMax: number;
  #at = 0;

  constructor(text: string, depthMax: number) {
    this.#text = text;
    this.#depthMax = depthMax;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  space(): void {
    while (!this.isAtEnd && " \t\n\r".includes(this.#text.charAt(this.#at))) {
      this.#at++;
    }
  }

  value(depth: number): void {
    this.space();
    switch (this.#text.charAt(this.#at)) {
      case "{":
        return this.#members(depth + 1);
      case "[":
        return this.#items(depth + 1);
      case '"':
        return void this.#string();
      case "t":
        return this.#word("true");
      case "f":
        return this.#word("false");
      case "n":
        return this.#word("null");
      default:
        return this.#number();
    }
  }

  #members(depth: number): void {
    this.#enter(depth);
    const names = new Set<string>();
    if (this.#takes("}")) {
      return;
    }
    do {
      this.space();
      const name = this.#string();
      this.#demand(!names.has(name));
      names.add(name);
      this.#demand(this.#takes(":"));
      this.value(depth);
    } while (this.#takes(","));
    this.#demand(this.#takes("}"));
  }

  #items(depth: number): void {
    this.#enter(depth);
    if (this.#takes("]")) {
      return;
    }
    do {
      this.value(depth);
    } while (this.#takes(","));
    this.#demand(this.#takes("]"));
  }

  #enter(depth: number): void {
    this.#demand(depth <= this.#depthMax);
    this.#at++;
  }

  #string(): string {
    this.#demand(this.#text.charAt(this.#at) === '"');
    this.#at++;
    const units: number[] = [];
    for (;;) {
      this.#demand(!this.isAtEnd);
      const character = this.#text.charAt(this.#at++);
      if (character === '"') {
        break;
      }
      this.#demand(character >= " ");
      units.push(character === "\\" ? this.#escape() : character.charCodeAt(0));
    }
    units.forEach((unit, index) => {
      const isHigh = unit >= 0xd800 && unit < 0xdc00;
      const isLow = unit >= 0xdc00 && unit < 0xe000;
      const next = units[index + 1] ?? 0;
      const former = units[index - 1] ?? 0;
      this.#demand(!isHigh || (next >= 0xdc00 && next < 0xe000));
      this.#demand(!isLow || (former >= 0xd800 && former < 0xdc00));
    });
    return units.map((unit) => String.fromCharCode(unit)).join("");
  }

  #escape(): number {
    const character = this.#text.charAt(this.#at++);
    if (character === "u") {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      this.#demand(/^[0-9a-fA-F]{4}$/.test(digits));
      this.#at += 4;
      return Number.parseInt(digits, 16);
    }
    const at = character === "" ? -1 : '"\\/bfnrt'.indexOf(character);
    this.#demand(at !== -1);
    return '"\\/\b\f\n\r\t'.charCodeAt(at);
  }

  #number(): void {
    const text = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(
      this.#text.slice(this.#at),
    )?.[0];
    this.#demand(text !== undefined);
    this.#at += text?.length ?? 0;
    this.#demand(Math.abs(Number(text)) <= 2 ** 53 - 1);
  }

  #word(word: string): void {
    this.#demand(this.#text.startsWith(word, this.#at));
    this.#at += word.length;
  }

  #takes(character: string): boolean {
    this.space();
    const isThere = this.#text.charAt(this.#at) === character;
    this.#at += isThere ? 1 : 0;
    return isThere;
  }

  #demand(condition: boolean): void {
    if (!condition) {
      throw new Refusal();
    }
  }
}
