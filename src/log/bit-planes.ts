/**
 * Codes of items, one bit of all of them after the other: plane 0 has bit 0 of every code, as a set of items.
 *
 * Which items have a code is found out for 32 of them at once, with an operation a plane and without any code being put
 * together: the vertical layout of Y. Li and J. M. Patel, "BitWeaving" (SIGMOD 2013). A code takes no more bits than the
 * largest needs.
 */
import { type EventSet, WORD_BITS } from "./event-set.ts";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** So many planes, or half a word of items, are turned at once. */
const HALF_BITS = 16;
const HALF_MASK = 0xffff;

export class BitPlanes {
  /** How many items there are. */
  readonly count: number;
  /** The planes behind one another: in each, a bit an item from the lowest of the first word on. */
  readonly words: Uint32Array;

  constructor(count: number, words: Uint32Array) {
    this.count = count;
    this.words = words;
  }

  static of(codes: Codes): BitPlanes {
    const width = bitsOf(codes);
    const length = lengthOf(codes.length);
    const words = new Uint32Array(width * length);
    const rows = new Uint32Array(HALF_BITS);
    for (let from = 0; from < width; from += HALF_BITS) {
      const planes = Math.min(HALF_BITS, width - from);
      for (let at = 0; at < length; at++) {
        const item = at * WORD_BITS;
        for (let row = 0; row < HALF_BITS; row++) {
          const low = (codes[item + row] ?? 0) >>> from;
          const high = (codes[item + HALF_BITS + row] ?? 0) >>> from;
          rows[row] = (low & HALF_MASK) | (high << HALF_BITS);
        }
        transpose(rows);
        for (let plane = 0; plane < planes; plane++) {
          words[(from + plane) * length + at] = rows[plane] ?? 0;
        }
      }
    }
    return new BitPlanes(codes.length, words);
  }

  /** Those of some items that have a code. @param code one that fits in as many bits as there are planes. */
  itemsOf(code: number, among: EventSet): EventSet {
    const { words } = this;
    const length = lengthOf(this.count);
    return among.narrowed((at) => {
      let bits = -1;
      for (let index = at, left = code; index < words.length; index += length, left >>>= 1) {
        bits &= (words[index] ?? 0) ^ ((left & 1) - 1);
      }
      return bits;
    });
  }

  /** All codes, put together: in two bytes each if that is enough, because loops over one kind of array are faster. */
  codes(): Codes {
    const length = lengthOf(this.count);
    const { width, words } = this;
    const CodesArray = width <= HALF_BITS ? Uint16Array : Uint32Array;
    const codes = new CodesArray(length * WORD_BITS);
    const rows = new Uint32Array(HALF_BITS);
    for (let from = 0; from < width; from += HALF_BITS) {
      for (let at = 0; at < length; at++) {
        for (let row = 0; row < HALF_BITS; row++) {
          rows[row] = from + row < width ? (words[(from + row) * length + at] ?? 0) : 0;
        }
        transpose(rows);
        const item = at * WORD_BITS;
        for (let row = 0; row < HALF_BITS; row++) {
          const halves = rows[row] ?? 0;
          codes[item + row] = (codes[item + row] ?? 0) | ((halves & HALF_MASK) << from);
          const later = item + HALF_BITS + row;
          codes[later] = (codes[later] ?? 0) | ((halves >>> HALF_BITS) << from);
        }
      }
    }
    return codes.subarray(0, this.count);
  }

  /** How many bits a code has. */
  get width(): number {
    return this.count === 0 ? 0 : this.words.length / lengthOf(this.count);
  }
}

/** Words of a plane. */
function lengthOf(count: number): number {
  return Math.ceil(count / WORD_BITS);
}

function bitsOf(codes: Codes): number {
  let all = 0;
  for (let item = 0; item < codes.length; item++) {
    all |= codes[item] ?? 0;
  }
  return WORD_BITS - Math.clz32(all);
}

/**
 * Turns two squares of 16 × 16 bits, in the lower and the upper halves of 16 rows: of a row's bit `n` it makes row `n`'s bit
 * (H. S. Warren, Hacker's Delight, 7-3).
 */
function transpose(rows: Uint32Array): void {
  for (let step = 8, mask = 0x00ff_00ff; step > 0; step >>>= 1, mask ^= mask << step) {
    for (let row = 0; row < HALF_BITS; row = ((row | step) + 1) & ~step) {
      const upper = rows[row] ?? 0;
      const lower = rows[row | step] ?? 0;
      const swapped = ((upper >>> step) ^ lower) & mask;
      rows[row | step] = lower ^ swapped;
      rows[row] = upper ^ (swapped << step);
    }
  }
}
