/** Random numbers of the platform. To ask for 256 costs the same as to ask for one. */
const pool = new Uint32Array(256);
let used = pool.length;

/** An unsigned integer of 32 bits. */
export function randomUint32(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool[used++] ?? 0;
}
