/** Counts in English sentences. */
const NUMBER = new Intl.NumberFormat("en");

export function numberText(count: number): string {
  return NUMBER.format(count);
}

export function plural(count: number, one: string, many: string): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}
