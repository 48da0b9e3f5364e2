/**
 * Keys: `tenants/3f9a/segments/000000001.seg`.
 *
 * A folder never has a dot and a file name always has one, so no key can be a folder of another key on a disk, and `..`
 * cannot be written at all. Lower case only: some disks do not tell `A` from `a`, and two tenants must never share a
 * file. No character needs an escape in a URL, an XML text or a path.
 */
import { type BlobFault, blobFault } from "./blob-failure.ts";
import { KEY_CHARACTERS_MAX, KEY_SEGMENT_CHARACTERS_MAX } from "./blob-limits.ts";

const FOLDER = /^[a-z0-9_-]+$/;
const FILE_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;

export function isKey(key: string): boolean {
  const segments = key.split("/");
  const fileName = segments.pop() ?? "";
  return (
    key.length <= KEY_CHARACTERS_MAX &&
    fileName.length <= KEY_SEGMENT_CHARACTERS_MAX &&
    FILE_NAME.test(fileName) &&
    segments.every(isFolder)
  );
}

export function isFolder(name: string): boolean {
  return name.length <= KEY_SEGMENT_CHARACTERS_MAX && FOLDER.test(name);
}

export function keyFault(key: string): BlobFault | undefined {
  return isKey(key)
    ? undefined
    : blobFault(
        "blob_request_invalid",
        `${quoted(key)} is no key: folders of a-z, 0-9, _ and -, then a file name with an extension.`,
      );
}

/** A prefix is whole folders: `tenants/1/` can never list what is in `tenants/10/`. The empty prefix is everything. */
export function prefixFault(prefix: string): BlobFault | undefined {
  const isPrefix =
    prefix === "" ||
    (prefix.length <= KEY_CHARACTERS_MAX &&
      prefix.endsWith("/") &&
      prefix.slice(0, -1).split("/").every(isFolder));
  return isPrefix
    ? undefined
    : blobFault(
        "blob_request_invalid",
        `${quoted(prefix)} is no prefix: folders of a-z, 0-9, _ and -, each followed by a slash.`,
      );
}

/** Safe in a log line, however long the text is and whatever it holds. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, KEY_SEGMENT_CHARACTERS_MAX));
}
