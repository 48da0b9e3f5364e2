/**
 * Event ids: UUIDv7 (RFC 9562 §5.7) whose 42-bit counter (§6.2, method 1) is the event's seq.
 *
 *     | unix_ts_ms 48 = ingested_at | ver | rand_a 12 | var | rand_b 30 | rand_b 32 |
 *                                          `---- seq, 42 bits ----'       `random'
 *
 * So ids sort exactly as seq does, across restarts and clock steps, and an id is found without an index: it names its
 * position, and the stored event there either has this very id or the id is unknown.
 */
const SEQ_LOW_BITS = 2 ** 30;
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @param random a random unsigned 32-bit integer, so that an id cannot be guessed from its neighbours. */
export function mintEventId(ingestedAt: number, seq: number, random: number): string {
  const time = hex(ingestedAt, 12);
  const high = hex(Math.floor(seq / SEQ_LOW_BITS), 3);
  const low = seq % SEQ_LOW_BITS;
  const variant = hex(0x8000 | (low >>> 16), 4);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${variant}-${hex(low & 0xffff, 4)}${hex(random, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** The position that an id names, or undefined when the text is no event id. */
export function seqOfEventId(id: string): number | undefined {
  if (!EVENT_ID.test(id)) {
    return undefined;
  }
  const high = Number.parseInt(id.slice(15, 18), 16);
  const low =
    (Number.parseInt(id.slice(19, 23), 16) & 0x3fff) * 0x10000 +
    Number.parseInt(id.slice(24, 28), 16);
  return high * SEQ_LOW_BITS + low;
}

/** When the event of a valid id was ingested, in milliseconds since the epoch. */
export function eventIngestedAt(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
