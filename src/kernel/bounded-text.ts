/** Reads an answer that should be short, and gives up when it is not. */

/** @returns undefined when there is more than `bytesMax`; the rest is not read. */
export async function boundedText(
  { body }: Response,
  bytesMax: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = "";
  let received = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) {
      return text + decoder.decode();
    }
    received += chunk.value.length;
    if (received > bytesMax) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}
