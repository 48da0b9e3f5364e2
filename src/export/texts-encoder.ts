/** Encodes texts one after the other into UTF-8, in a buffer that is used again. */

export class TextsEncoder {
  readonly #encoder = new TextEncoder();
  #buffer = new Uint8Array(0);

  encode(texts: readonly string[]): Uint8Array {
    // A UTF-16 unit is at most three bytes.
    const bytesMax = 3 * texts.reduce((sum, text) => sum + text.length, 0);
    if (bytesMax > this.#buffer.byteLength) {
      this.#buffer = new Uint8Array(bytesMax);
    }
    let at = 0;
    for (const text of texts) {
      at += this.#encoder.encodeInto(text, this.#buffer.subarray(at)).written;
    }
    return this.#buffer.slice(0, at);
  }
}
