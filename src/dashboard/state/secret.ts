/** Finds what somebody pasted into the wrong field: a key or a token must not get into an address or into storage. */

/** Every secret of rekishi's own has a prefix (`kernel/api-key.ts`), and a JWT begins with `{"`. */
const SECRET =
  /(?<![A-Za-z0-9])(?:rk_(?:live|root)_|rk[tps]_)[A-Za-z0-9_-]+|(?<![A-Za-z0-9])eyJ[\w-]+\.[\w-]+\.[\w-]*/;

export function holdsSecret(text: string): boolean {
  return SECRET.test(text);
}
