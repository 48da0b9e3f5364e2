/** Hashes by which columns know texts without having them. */

/** 32-bit FNV-1a over UTF-16 units. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** 16 bits of the hash of each text: of some thousands, one in twenty has the hash of another text. */
export function shortHashes(texts: readonly string[]): Uint16Array {
  return Uint16Array.from(texts, hashText);
}
