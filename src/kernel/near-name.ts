/** Finds which name was meant by one that is misspelt. */

/** A longer name is no typing error, and its distances would cost time. */
const NAME_CHARACTERS_MAX = 64;

/** Which of the names was probably meant, if any. */
export function nearName(name: string, names: readonly string[]): string | undefined {
  if (name.length > NAME_CHARACTERS_MAX) {
    return undefined;
  }
  return (
    sameName(name, names) ??
    nearest(name, names) ??
    names.find((known) => known.startsWith(`${name}_`) || name.startsWith(`${known}_`))
  );
}

/** The name that differs in case and underscores only, as `occurredAt` does from `occurred_at`. */
export function sameName(name: string, names: readonly string[]): string | undefined {
  const plain = withoutStyle(name);
  return names.find((known) => withoutStyle(known) === plain);
}

function withoutStyle(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** A third of the characters may be wrong, but no more than three. */
function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(Math.floor(name.length / 3), 3) + 1;
  for (const known of names) {
    const distance = editDistance(name, known);
    if (distance < least) {
      best = known;
      least = distance;
    }
  }
  return best;
}

/** How many characters must be added, left out, replaced or exchanged with the next to make `to` of `from`. */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at++) {
    const next = [at + 1];
    for (let other = 0; other < to.length; other++) {
      const isExchanged = from[at] === to[other - 1] && from[at - 1] === to[other];
      next.push(
        Math.min(
          (row[other] ?? 0) + (from[at] === to[other] ? 0 : 1),
          (row[other + 1] ?? 0) + 1,
          (next[other] ?? 0) + 1,
          isExchanged ? (before[other - 1] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
