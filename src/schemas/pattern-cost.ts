/**
 * How long a regular expression can take, so that a schema cannot make the check of an event take seconds.
 *
 * A backtracking matcher tries, at worst, every way in which the repetitions and alternatives of a pattern can divide a
 * text among themselves. Their number is counted from the pattern alone: alternatives add up, what follows each other
 * multiplies, and a repetition of m to n times is as many ways as it has counts. No text makes it worse.
 */

/** A metadata value is at most this long; a repetition without an end cannot take more. */
const TEXT_MAX = 500;

/**
 * @param source a pattern that `new RegExp(source, "u")` accepts.
 * @returns the ways to try at worst, for a text of 500 characters. Infinity when it is beyond counting.
 */
export function patternCost(source: string): number {
  const reader = new PatternReader(source);
  const ways = reader.alternatives();
  const starts = source.startsWith("^") && !reader.hasTopLevelAlternatives ? 1 : TEXT_MAX;
  return ways * starts;
}

class PatternReader {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  /** `^a|b` is anchored in its first alternative only. */
  hasTopLevelAlternatives = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** Reads to the end of the group or of the pattern. */
  alternatives(): number {
    let ways = this.#sequence();
    while (this.#take("|")) {
      this.hasTopLevelAlternatives ||= this.#depth === 0;
      ways += this.#sequence();
    }
    return ways;
  }

  #sequence(): number {
    let ways = 1;
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at] ?? "")) {
      ways *= this.#repeated(this.#atom());
    }
    return ways;
  }

  #atom(): number {
    const rest = this.#source.slice(this.#at);
    const group = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z]*(?:-[a-z]*)?:))?/.exec(rest)?.[0];
    if (group !== undefined) {
      this.#at += group.length;
      this.#depth++;
      const ways = this.alternatives();
      this.#depth--;
      this.#at++;
      return ways;
    }
    // A class, an escape of any length, or one character, which may be two code units.
    const atom =
      /^(?:\[(?:\\[^]|[^\]\\])*\]|\\[pPu]\{[^}]*\}|\\k<[^>]*>|\\[^]|[^])/u.exec(rest)?.[0] ?? "";
    this.#at += atom.length;
    return 1;
  }

  /** What `ways` becomes by the quantifier that follows, if one does. */
  #repeated(ways: number): number {
    const rest = this.#source.slice(this.#at);
    const quantifier = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(rest);
    if (quantifier === null) {
      return ways;
    }
    this.#at += quantifier[0].length;
    const [, sign, least = "0", isRange, most = ""] = quantifier;
    if (sign !== undefined) {
      return sumOfPowers(ways, sign === "+" ? 1 : 0, sign === "?" ? 1 : TEXT_MAX);
    }
    const from = Number(least);
    const to = isRange === undefined ? from : Number(most === "" ? from + TEXT_MAX : most);
    return sumOfPowers(ways, from, to);
  }

  #take(character: string): boolean {
    const isThere = this.#source[this.#at] === character;
    this.#at += isThere ? 1 : 0;
    return isThere;
  }
}

/** ways^from + … + ways^to, where counts beyond the longest text need not be tried. */
function sumOfPowers(ways: number, from: number, to: number): number {
  const last = Math.min(to, Math.max(from, TEXT_MAX));
  if (ways === 1) {
    return last - from + 1;
  }
  let sum = 0;
  for (let count = from; count <= last && sum !== Infinity; count++) {
    sum += ways ** count;
  }
  return sum;
}
