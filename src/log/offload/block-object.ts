/**
 * The object that some consecutive blocks are in the blob store: encoded, behind one another, after an index of them.
 *
 *     rekishi blocks 1␊
 *     {"blocks":[{"first_seq":1,"id":1,"length":22041,"sha256":"…"},…],"organization_id":"org_1"}␊
 *     <block><block>…
 *
 * The index makes the object readable without the database it came from. The database keeps the same index with the
 * offsets worked out, so that one block is one range read, and checked by its own SHA-256.
 */
import { blobFault, type BlobResult } from "../../blob/blob-failure.ts";
import type { BlobStore } from "../../blob/blob-store.ts";
import { ok } from "../../kernel/result.ts";
import { sha256Hex } from "../../kernel/sha256.ts";

const MAGIC = "rekishi blocks 1";

/** Where an encoded block is in the object. */
export interface BlockPlace {
  readonly id: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly offset: number;
  readonly length: number;
  /** Of the encoded block, in hexadecimal. */
  readonly sha256: string;
}

export interface EncodedBlock {
  readonly id: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly bytes: Uint8Array;
}

export interface BlockObject {
  readonly bytes: Uint8Array;
  readonly places: readonly BlockPlace[];
}

/** The same blocks always give the same bytes. */
export function packBlocks(organizationId: string, blocks: readonly EncodedBlock[]): BlockObject {
  const hashes = blocks.map(({ bytes }) => sha256Hex(bytes));
  const index = {
    blocks: blocks.map(({ id, firstSeq, bytes }, at) => ({
      first_seq: firstSeq,
      id,
      length: bytes.byteLength,
      sha256: hashes[at],
    })),
    organization_id: organizationId,
  };
  const header = new TextEncoder().encode(`${MAGIC}\n${JSON.stringify(index)}\n`);
  const size = blocks.reduce((sum, { bytes }) => sum + bytes.byteLength, header.byteLength);
  const object = new Uint8Array(size);
  object.set(header);
  let offset = header.byteLength;
  const places = blocks.map(({ id, firstSeq, lastSeq, bytes }, at) => {
    object.set(bytes, offset);
    const place = {
      id,
      firstSeq,
      lastSeq,
      offset,
      length: bytes.byteLength,
      sha256: hashes[at] ?? "",
    };
    offset += bytes.byteLength;
    return place;
  });
  return { bytes: object, places };
}

/** Reads blocks of one object with one request, and what lies between them. */
export async function readBlocks(
  store: BlobStore | undefined,
  key: string,
  places: readonly BlockPlace[],
): Promise<BlobResult<Map<number, Uint8Array>>> {
  if (store === undefined) {
    return blobFault("blob_misconfigured", `read ${key}: the settings name no blob store.`);
  }
  const offset = Math.min(...places.map((place) => place.offset));
  const end = Math.max(...places.map((place) => place.offset + place.length));
  const range = await store.read(key, { offset, length: end - offset });
  if (!range.ok) {
    return range;
  }
  const blocks = new Map<number, Uint8Array>();
  for (const place of places) {
    const start = place.offset - offset;
    const bytes = range.value.slice(start, start + place.length);
    if (sha256Hex(bytes) !== place.sha256) {
      return blobFault("blob_corrupt", `read ${key}: block ${place.id} is not what was stored.`);
    }
    blocks.set(place.id, bytes);
  }
  return ok(blocks);
}
