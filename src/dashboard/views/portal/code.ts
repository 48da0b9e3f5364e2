/**
 * The code of a portal link, after the `#` of the address. It is taken out of the address at once: what is copied from
 * there, or stays in the browser's history, does not hold it.
 */
export function takeCode(): string {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  return code;
}
