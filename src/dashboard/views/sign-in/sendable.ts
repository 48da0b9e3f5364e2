/** Whether a text can be a key at all: a header carries visible ASCII only, and so are all keys and tokens. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}
