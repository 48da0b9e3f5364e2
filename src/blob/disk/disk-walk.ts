/** Walks the folders in the order of the keys that are in them. */
import { ok } from "../../kernel/result.ts";
import { type BlobResult } from "../blob-failure.ts";
import { isFolder, isKey } from "../blob-key.ts";
import type { DiskEntry, DiskFiles } from "./disk-files.ts";
import { MANIFEST_SUFFIX } from "./disk-layout.ts";

export interface WalkRequest {
  readonly what: string;
  /** Empty, or ends with a slash. */
  readonly folder: string;
  /** Keys up to this one are left out. */
  readonly after: string;
  /** Keys that are wanted; the walk ends there. */
  readonly limit: number;
}

/** The first keys below a folder. */
export async function walk(
  files: DiskFiles,
  { what, folder, after, limit }: WalkRequest,
): Promise<BlobResult<string[]>> {
  const entries = await files.entries(what, folder);
  if (!entries.ok) {
    return entries;
  }
  const keys: string[] = [];
  for (const path of pathsOf(folder, entries.value)) {
    if (keys.length >= limit) {
      break;
    }
    if (path.endsWith("/") && !isBehind(path, after)) {
      const request = { what, folder: path, after, limit: limit - keys.length };
      const found = await walk(files, request);
      if (!found.ok) {
        return found;
      }
      keys.push(...found.value);
    } else if (!path.endsWith("/") && path > after) {
      keys.push(path);
    }
  }
  return ok(keys);
}

/** Folders with their slash, files as the keys that they hold; in the order of keys, each once. */
function pathsOf(folder: string, entries: readonly DiskEntry[]): string[] {
  const paths = new Set<string>();
  for (const { name, type } of entries) {
    const key = name.endsWith(MANIFEST_SUFFIX) ? name.slice(0, -1) : name;
    if (type === "directory" && isFolder(name)) {
      paths.add(`${folder}${name}/`);
    } else if (type === "file" && isKey(key)) {
      paths.add(`${folder}${key}`);
    }
  }
  return [...paths].sort();
}

/** Whether every key of a folder comes before `after`. */
function isBehind(folder: string, after: string): boolean {
  return folder < after && !after.startsWith(folder);
}
