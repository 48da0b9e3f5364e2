/**
 * Some of the events of a block or a segment, which are numbered from 0 in order of seq: one bit each, so that what is
 * known of 65,536 events fits in 8 KB and two sets are joined in some microseconds.
 */
export const WORD_BITS = 32;
/** Of an event's number: what is above says the word, what is below the bit. */
const WORD_SHIFT = 5;
const BIT_MASK = WORD_BITS - 1;
const ALL_BITS = 0xffff_ffff;

export class EventSet {
  /** How many events there are, in the set or not. */
  readonly size: number;
  readonly #words: Uint32Array;

  /** An empty set, unless its words are given. */
  constructor(size: number, words: Uint32Array = new Uint32Array(Math.ceil(size / WORD_BITS))) {
    this.size = size;
    this.#words = words;
  }

  static all(size: number): EventSet {
    return new EventSet(size).addRange(0, size);
  }

  get isEmpty(): boolean {
    for (let index = 0; index < this.#words.length; index++) {
      if (this.#words[index] !== 0) {
        return false;
      }
    }
    return true;
  }

  has(event: number): boolean {
    return (((this.#words[event >>> WORD_SHIFT] ?? 0) >>> (event & BIT_MASK)) & 1) === 1;
  }

  add(event: number): void {
    this.addIf(event, 1);
  }

  /** Adds the event if `bit` is 1. Without a branch: in loops over columns a wrong guess costs ten times the rest. */
  addIf(event: number, bit: number): void {
    const word = event >>> WORD_SHIFT;
    this.#words[word] = (this.#words[word] ?? 0) | (bit << (event & BIT_MASK));
  }

  /** Adds those from number `from` up to but not including `to`, as far as there are any. */
  addRange(from: number, to: number): this {
    const end = Math.min(to, this.size);
    for (let event = Math.max(0, from); event < end; event = nextWord(event)) {
      const word = event >>> WORD_SHIFT;
      this.#words[word] = (this.#words[word] ?? 0) | bitsBetween(event, end);
    }
    return this;
  }

  and(other: EventSet): EventSet {
    return this.#joined(other, (ours, theirs) => ours & theirs);
  }

  or(other: EventSet): EventSet {
    return this.#joined(other, (ours, theirs) => ours | theirs);
  }

  /** Those that are among the bits of their word. @param bitsOf is asked for words that have some event. */
  narrowed(bitsOf: (word: number) => number): EventSet {
    const words = new Uint32Array(this.#words.length);
    for (let index = 0; index < words.length; index++) {
      const word = this.#words[index] ?? 0;
      if (word !== 0) {
        words[index] = word & bitsOf(index);
      }
    }
    return new EventSet(this.size, words);
  }

  /** Those that are in this set and not in the other. */
  without(other: EventSet): EventSet {
    return this.#joined(other, (ours, theirs) => ours & ~theirs);
  }

  /** A loop, because what typed arrays have for this takes ten times as long. */
  #joined(other: EventSet, join: (ours: number, theirs: number) => number): EventSet {
    const words = new Uint32Array(this.#words.length);
    for (let index = 0; index < words.length; index++) {
      words[index] = join(this.#words[index] ?? 0, other.#words[index] ?? 0);
    }
    return new EventSet(this.size, words);
  }

  /** Whether there is one from number `from` up to but not including `to`. */
  hasSome(from: number, to: number): boolean {
    const end = Math.min(to, this.size);
    for (let event = Math.max(0, from); event < end; event = nextWord(event)) {
      if (((this.#words[event >>> WORD_SHIFT] ?? 0) & bitsBetween(event, end)) !== 0) {
        return true;
      }
    }
    return false;
  }

  /** The numbers of the events, in order. */
  numbers(): Uint32Array {
    const numbers = new Uint32Array(this.count());
    let at = 0;
    for (let index = 0; index < this.#words.length; index++) {
      for (let word = this.#words[index] ?? 0; word !== 0; word &= word - 1) {
        numbers[at++] = (index << WORD_SHIFT) + lowestBit(word);
      }
    }
    return numbers;
  }

  /** How many there are from number `from` up to but not including `to`. */
  count(from = 0, to = this.size): number {
    const end = Math.min(to, this.size);
    let count = 0;
    for (let event = Math.max(0, from); event < end; event = nextWord(event)) {
      count += bitsIn((this.#words[event >>> WORD_SHIFT] ?? 0) & bitsBetween(event, end));
    }
    return count;
  }
}

/** The first event of the word after that of an event. */
function nextWord(event: number): number {
  return (event | BIT_MASK) + 1;
}

/** The bits of events from `event` up to but not including `end`, within the word of the first. */
function bitsBetween(event: number, end: number): number {
  const count = Math.min(end, nextWord(event)) - event;
  return (ALL_BITS >>> (WORD_BITS - count)) << (event & BIT_MASK);
}

function lowestBit(word: number): number {
  return BIT_MASK - Math.clz32(word & -word);
}

/** The bits that are set, added up in pairs, then fours, eights and all (H. S. Warren, Hacker's Delight, 5-1). */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
