/** A disk service that fails, is late, loses what it was given, and lies: by a list, so that a case can be repeated. */
import fc from "fast-check";
import { MemoryDisk } from "./memory-disk.ts";

export type Fault =
  | "none"
  /** Fails, and did nothing. */
  | "fail"
  /** Does it, and fails nevertheless. */
  | "late"
  /** Says that it has stored what it has not. */
  | "lose"
  /** Stores or gives as many bytes, and one of them is another. */
  | "lie"
  /** Stores or gives fewer bytes. */
  | "cut";

export const anyFaults: fc.Arbitrary<Fault[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant("none" as const) },
    { weight: 2, arbitrary: fc.constantFrom<Fault[]>("fail", "late", "lose", "lie", "cut") },
  ),
  { maxLength: 40 },
);

export class FaultyDisk extends MemoryDisk {
  /** What befalls the next requests. After that all is well. */
  faults: Fault[] = [];

  override async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const fault = this.faults.shift() ?? "none";
    if (fault === "fail") {
      throw new Error("internal error; reference = faulty");
    }
    const answer = await super.fetch(url, init.method === "PUT" ? spoiledPut(init, fault) : init);
    if (fault === "late") {
      throw new Error("internal error; reference = late");
    }
    if (init.method === "PUT" && fault === "lose") {
      this.files.delete(new URL(url).pathname.slice(1));
    }
    return init.method === undefined ? spoiledAnswer(answer, fault) : answer;
  }
}

function spoiledPut(init: RequestInit, fault: Fault): RequestInit {
  const bytes = new Uint8Array(init.body as Uint8Array<ArrayBuffer>);
  return { ...init, body: spoiled(bytes, fault, 1) };
}

async function spoiledAnswer(answer: Response, fault: Fault): Promise<Response> {
  if (answer.headers.get("content-type") !== "application/octet-stream") {
    return answer;
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return new Response(spoiled(bytes, fault, 2), answer);
}

/** @param bit another for what is stored than for what is given: two lies must not make a truth. */
function spoiled(
  bytes: Uint8Array<ArrayBuffer>,
  fault: Fault,
  bit: number,
): Uint8Array<ArrayBuffer> {
  if (fault === "cut") {
    return bytes.slice(0, bytes.length / 2);
  }
  if (fault === "lie" && bytes.length > 0) {
    const at = bytes.length >>> 1;
    bytes[at] = (bytes[at] ?? 0) ^ bit;
  }
  return bytes;
}
