/** The folder of a server's blobs as the disk service that serves it there: read only. */
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DiskService } from "../../blob/disk/disk-files.ts";

export function folderDisk(folder: string): DiskService {
  return {
    async fetch(url, init = {}) {
      const path = join(folder, new URL(url).pathname);
      const isFile = (await stat(path).catch(() => undefined))?.isFile() ?? false;
      if (!isFile || init.method !== undefined) {
        return new Response(null, { status: isFile ? 405 : 404 });
      }
      const range = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init.headers).get("range") ?? "");
      return readFile(path, range === null ? undefined : [Number(range[1]), Number(range[2])]);
    },
  };
}

async function readFile(path: string, range: [first: number, last: number] | undefined) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const [first, last] = range ?? [0, size - 1];
    if (last >= size) {
      return new Response(null, { status: 416 });
    }
    const bytes = new Uint8Array(last - first + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, first);
    const isWhole = bytesRead === size;
    return new Response(bytes.subarray(0, bytesRead), {
      status: isWhole ? 200 : 206,
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(bytesRead),
        ...(isWhole ? {} : { "content-range": `bytes ${first}-${last}/${size}` }),
      },
    });
  } finally {
    await file.close();
  }
}
