/**
 * Where things are in the folder. No key has a `~`, so nothing of ours is in the way of a key:
 *
 *     tenants/3f9a/segments/000000001.seg      an object that was put: the file itself
 *     tenants/3f9a/exports/e1.csv~             an object that was uploaded in parts: its manifest
 *     parts~/<upload>/upload.json              an upload, under way or completed
 *     parts~/<upload>/00001                    its parts
 *
 * Nothing can be appended to a file or joined with another, so an object of many GB stays in its parts, and its
 * manifest says which they are. Where a key has both a manifest and a file, the manifest is the object. So every change
 * has one step that is the switch, each a rename or a removal, and a crash leaves the old object or the new one:
 *
 *     complete   write the manifest; then clear away the file or the parts that it replaced
 *     put        write the file; then remove the manifest that hid it, and its parts
 *     delete     remove the file, the parts, the manifest; repeat it after a crash
 */
import type { ByteRange } from "../blob-store.ts";

/** The content of `<key>~`. The number of parts follows from the sizes. */
export interface Manifest {
  readonly upload: string;
  /** Of the object, in bytes. */
  readonly size: number;
  /** Of every part but the last, in bytes. */
  readonly partBytes: number;
}

/** One file, or the range of it that is wanted. */
export interface Piece {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export const MANIFEST_SUFFIX = "~";

const UPLOAD_ID = /^[0-9a-f-]{36}$/;

export function manifestPath(key: string): string {
  return `${key}${MANIFEST_SUFFIX}`;
}

export function uploadFolder(upload: string): string {
  return `parts~/${upload}`;
}

/** The file whose presence means that the upload was not aborted. */
export function uploadPath(upload: string): string {
  return `${uploadFolder(upload)}/upload.json`;
}

export function partPath(upload: string, part: number): string {
  return `${uploadFolder(upload)}/${String(part).padStart(5, "0")}`;
}

/** An upload's id becomes part of a path, and a ticket may come from anywhere. */
export function isUploadId(id: unknown): id is string {
  return typeof id === "string" && UPLOAD_ID.test(id);
}

/** What to read, and in which order, to get a range of the object. */
export function piecesOf({ upload, partBytes }: Manifest, { offset, length }: ByteRange): Piece[] {
  const pieces: Piece[] = [];
  const end = offset + length;
  for (let at = offset; at < end;) {
    const index = Math.floor(at / partBytes);
    const partEnd = Math.min(end, (index + 1) * partBytes);
    const path = partPath(upload, index + 1);
    pieces.push({ path, offset: at - index * partBytes, length: partEnd - at });
    at = partEnd;
  }
  return pieces;
}
