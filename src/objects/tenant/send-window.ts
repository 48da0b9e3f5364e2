/**
 * How much may be under way to one live-tail reader.
 *
 * The platform does not tell how much of what was sent still waits in a socket's buffer, so the reader says it: an
 * `ack` names the last seq it has handled. A reader that never acks is trusted with a modest steady rate. The window
 * is pure: bytes and times come in, decisions go out.
 */

/** Bytes that may be unacknowledged. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/** Bytes a second that count as read without an ack. */
export const UNACKED_BYTES_PER_SECOND = 1024 * 1024;
/** A reader that was sent this much without a sign of life, a ping or an ack, is taken for gone. */
export const SILENT_BYTES_MAX = 64 * 1024 * 1024;

interface Sent {
  readonly lastSeq: number;
  bytes: number;
}

export class SendWindow {
  #sent: Sent[] = [];
  #unackedBytes = 0;
  #silentBytes = 0;
  #seenAliveAt: number;
  #drainedAt: number;

  constructor(now: number) {
    this.#seenAliveAt = now;
    this.#drainedAt = now;
  }

  /** May more be sent now? */
  isOpen(now: number): boolean {
    this.#assumeRead(((now - this.#drainedAt) / 1_000) * UNACKED_BYTES_PER_SECOND);
    this.#drainedAt = now;
    return this.#unackedBytes < WINDOW_BYTES;
  }

  /** @param aliveAt when the reader last gave a sign of life, if that is known. */
  isGone(aliveAt: number | undefined): boolean {
    if (aliveAt !== undefined && aliveAt > this.#seenAliveAt) {
      this.#seenAliveAt = aliveAt;
      this.#silentBytes = 0;
    }
    return this.#silentBytes > SILENT_BYTES_MAX;
  }

  send(lastSeq: number, bytes: number): void {
    this.#sent.push({ lastSeq, bytes });
    this.#unackedBytes += bytes;
    this.#silentBytes += bytes;
  }

  /** The reader has handled everything up to `seq`. */
  acknowledge(seq: number): void {
    this.#silentBytes = 0;
    for (let oldest = this.#sent[0]; oldest !== undefined; oldest = this.#sent[0]) {
      if (oldest.lastSeq > seq) {
        return;
      }
      this.#unackedBytes -= oldest.bytes;
      this.#sent.shift();
    }
  }

  #assumeRead(bytes: number): void {
    let left = bytes;
    for (let oldest = this.#sent[0]; oldest !== undefined && left > 0; oldest = this.#sent[0]) {
      const read = Math.min(oldest.bytes, left);
      oldest.bytes -= read;
      left -= read;
      this.#unackedBytes -= read;
      if (oldest.bytes > 0) {
        return;
      }
      this.#sent.shift();
    }
  }
}
