/** Seeded randomness: the same seed gives the same numbers on every machine, so two benchmarks store the same events. */

const TWO_TO_32 = 2 ** 32;

/** The generator sfc32: fast, 128 bits of state, good enough for test data and for nothing secret. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = 0x9e3779b9;
    this.#b = 0x243f6a88;
    this.#c = seed | 0;
    // The first numbers of neighbouring seeds resemble each other, so they are thrown away.
    for (let round = 0; round < 16; round++) {
      this.uint32();
    }
  }

  uint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** At least 0 and less than 1. */
  fraction(): number {
    return this.uint32() / TWO_TO_32;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Below `limit`, small numbers more often than large: half of all choices fall on the first eighth. */
  skewedBelow(limit: number): number {
    return Math.floor(this.fraction() ** 3 * limit);
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += this.uint32().toString(16).padStart(8, "0");
    }
    return text.slice(0, digits);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = this.hex(30);
    const variant = "89ab"[this.below(4)] ?? "8";
    const tail = variant + hex.slice(15, 18);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${tail}-${hex.slice(18)}`;
  }
}
