/** Downloads a file that may break off at any byte, and goes on from there; what arrives is checked against its hash. */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { pipeline } from "node:stream/promises";
import { CommandError } from "../command.ts";
import type { ExportClient, ReadyExport } from "./export-client.ts";
import type { ProgressBar } from "./progress-bar.ts";

/** Attempts without a single byte more. */
const ATTEMPTS_MAX = 5;
const RETRY_MS = 500;

/** Writes `output` when it is complete; until then what is there is in `output.part`. */
export async function download(
  client: ExportClient,
  ready: ReadyExport,
  output: string,
  bar: ProgressBar,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const part = `${output}.part`;
  let fresh = ready;
  for (let attempts = 0; sizeOf(part) !== ready.size || attempts === 0;) {
    const before = sizeOf(part);
    const error = await fetchRest(fresh, part, bar);
    attempts = sizeOf(part) > before ? 1 : attempts + 1;
    if (error !== undefined && attempts >= ATTEMPTS_MAX) {
      throw new CommandError(`the download broke off: ${error}. Go on with --id ${ready.id}.`);
    }
    if (error !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempts));
      fresh = client.ready(await client.get(ready.id));
    }
  }
  bar.end();
  const sha256 = await hashOf(part);
  if (sha256 !== ready.sha256) {
    rmSync(part);
    throw new CommandError(
      `what arrived has the SHA-256 ${sha256}, not ${ready.sha256}. Download it again.`,
    );
  }
  renameSync(part, output);
  return { size: ready.size, sha256 };
}

/** @returns what broke it off, or undefined when it came to its end. */
async function fetchRest(
  { url, size, sha256 }: ReadyExport,
  part: string,
  bar: ProgressBar,
): Promise<string | undefined> {
  const start = sizeOf(part);
  if (start >= size) {
    // Longer than this file can be: of another one.
    if (start > size) {
      rmSync(part);
      return "the part on disk was of another file";
    }
    appendFileSync(part, "");
    return undefined;
  }
  const headers = start > 0 ? { range: `bytes=${start}-`, "if-range": `"${sha256}"` } : undefined;
  try {
    const response = await fetch(url, headers === undefined ? {} : { headers });
    if (response.body === null || !response.ok) {
      return `the server answered ${response.status}`;
    }
    let written = response.status === 206 ? start : 0;
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        written += chunk.byteLength;
        bar.show(written, size);
        yield chunk;
      }
    };
    const file = createWriteStream(part, { flags: response.status === 206 ? "a" : "w" });
    await pipeline(response.body, count, file);
    return written === size ? undefined : `${written} of ${size} bytes came`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  if (existsSync(file)) {
    await pipeline(createReadStream(file), hash);
  }
  return hash.digest("hex");
}
