/** The disk adapter on a real folder: what lies there, and what happens when it is damaged. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PART_BYTES_MIN } from "../../../src/blob/blob-limits.ts";
import {
  collected,
  firstDifference,
  failure,
  newFolder,
  newKey,
  someBytes,
  value,
} from "../../support/blob-conformance.ts";
import type { RemoteStore } from "./remote-store.ts";
import { BlobServer } from "./workerd.ts";

let server: BlobServer;
let store: RemoteStore;

beforeAll(async () => {
  server = new BlobServer();
  await server.start();
  store = server.store("disk");
});
afterAll(() => server.dispose());

function onDisk(path: string): string {
  return join(server.blobs, path);
}

/** An object of two parts. */
async function uploaded(key = newKey()) {
  const upload = value(await store.openUpload(key, PART_BYTES_MIN));
  const receipts = [
    value(await upload.uploadPart(1, someBytes(PART_BYTES_MIN, 1))),
    value(await upload.uploadPart(2, someBytes(1_000, 2))),
  ];
  value(await upload.complete(receipts));
  const partsFolder = onDisk(`parts~/${upload.ticket.uploadId}`);
  return { key, upload, receipts, partsFolder };
}

describe("what lies on the disk", () => {
  test("an object that was put is a file at its key", async () => {
    const key = newKey();
    value(await store.put(key, someBytes(100)));
    expect(firstDifference(readFileSync(onDisk(key)), someBytes(100))).toBeUndefined();
  });

  test("an object in parts is a manifest and its parts, and their concatenation is the object", async () => {
    const { key, partsFolder } = await uploaded();
    const { size } = JSON.parse(readFileSync(onDisk(`${key}~`), "utf8")) as { size: number };
    expect(size).toBe(PART_BYTES_MIN + 1_000);
    const parts = readdirSync(partsFolder).filter((name) => /^\d+$/.test(name));
    const joined = Buffer.concat(parts.map((name) => readFileSync(join(partsFolder, name))));
    expect(firstDifference(value(await store.read(key)), joined)).toBeUndefined();
  });

  test("a deleted object leaves neither manifest nor parts", async () => {
    const { key, partsFolder } = await uploaded();
    value(await store.delete([key]));
    expect(existsSync(onDisk(`${key}~`))).toBe(false);
    expect(existsSync(partsFolder)).toBe(false);
  });

  test("an aborted upload leaves no parts", async () => {
    const upload = value(await store.openUpload(newKey()));
    value(await upload.uploadPart(1, someBytes(10)));
    const folder = onDisk(`parts~/${upload.ticket.uploadId}`);
    expect(existsSync(folder)).toBe(true);
    value(await upload.abort());
    expect(existsSync(folder)).toBe(false);
  });

  test("what replaces an object in parts leaves none of them", async () => {
    const first = await uploaded();
    const second = await uploaded(first.key);
    expect(existsSync(first.partsFolder)).toBe(false);
    value(await store.put(first.key, someBytes(5)));
    expect(existsSync(second.partsFolder)).toBe(false);
    expect(firstDifference(value(await store.read(first.key)), someBytes(5))).toBeUndefined();
  });
});

describe("a crash between two steps", () => {
  test("a completion that got as far as its manifest is the new object, and is tidied when repeated", async () => {
    const { key, upload, receipts } = await uploaded();
    writeFileSync(onDisk(key), "what was there before");
    expect(value(await store.read(key)).length).toBe(PART_BYTES_MIN + 1_000);
    expect(value(await store.info(key)).size).toBe(PART_BYTES_MIN + 1_000);
    value(await upload.complete(receipts));
    expect(existsSync(onDisk(key))).toBe(false);
  });

  test("a put that got as far as its file is the old object still", async () => {
    const { key } = await uploaded();
    writeFileSync(onDisk(key), "new");
    expect(value(await store.list(key.slice(0, key.lastIndexOf("/") + 1))).blobs).toEqual([
      { key, size: PART_BYTES_MIN + 1_000 },
    ]);
    value(await store.put(key, Buffer.from("new")));
    expect(Buffer.from(value(await store.read(key))).toString()).toBe("new");
  });

  test("a deletion that got as far as the parts can be repeated", async () => {
    const { key, partsFolder } = await uploaded();
    rmSync(partsFolder, { recursive: true });
    expect(failure(await store.read(key)).code).toBe("blob_corrupt");
    value(await store.delete([key]));
    expect(failure(await store.read(key)).code).toBe("blob_not_found");
  });

  test("kill -9 in the middle of writing leaves the old object or the new one", async () => {
    const [own, key] = [new BlobServer(), newKey()];
    const [one, two] = [someBytes(16_000_000, 1), someBytes(20_000_000, 2)];
    await own.start();
    try {
      value(await own.store("disk").put(key, one));
      for (const delay of [0, 15, 40]) {
        const put = own
          .store("disk")
          .put(key, two)
          .catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, delay));
        await own.kill();
        await put;
        await own.start();
        const bytes = value(await own.store("disk").read(key));
        expect(firstDifference(bytes, bytes.length === one.length ? one : two)).toBeUndefined();
        expect(value(await own.store("disk").list("")).blobs).toEqual([
          { key, size: bytes.length },
        ]);
      }
    } finally {
      await own.dispose();
    }
  });
});

describe("damage", () => {
  test("a part that is cut short is a failure, not short data", async () => {
    const { key, partsFolder } = await uploaded();
    truncateSync(join(partsFolder, "00002"), 999);
    expect(failure(await store.read(key)).code).toBe("blob_corrupt");
    const stream = value(await store.stream(key));
    await expect(collected(stream.body)).rejects.toThrow("terminated");
    const whole = value(await store.read(key, { offset: 0, length: PART_BYTES_MIN }));
    expect(firstDifference(whole, someBytes(PART_BYTES_MIN, 1))).toBeUndefined();
  });

  test("an upload with a part that is cut short is not completed", async () => {
    const upload = value(await store.openUpload(newKey()));
    const receipt = value(await upload.uploadPart(1, someBytes(100)));
    truncateSync(onDisk(`parts~/${upload.ticket.uploadId}/00001`), 99);
    expect(failure(await upload.complete([receipt])).code).toBe("blob_request_invalid");
  });

  test.each(["", "{", "{}", '{"upload":"../../x","size":1,"partBytes":1}'])(
    "an object whose manifest is damaged is a clear failure, is listed and can be deleted (%j)",
    async (text) => {
      const { key } = await uploaded();
      writeFileSync(onDisk(`${key}~`), text);
      expect(failure(await store.read(key)).code).toBe("blob_corrupt");
      expect(failure(await store.info(key)).code).toBe("blob_corrupt");
      const folder = key.slice(0, key.lastIndexOf("/") + 1);
      expect(value(await store.list(folder)).blobs).toEqual([{ key, size: 0 }]);
      value(await store.delete([key]));
      expect(value(await store.list(folder)).blobs).toEqual([]);
    },
  );

  test("files of others are neither listed nor in the way", async () => {
    const folder = newFolder();
    mkdirSync(onDisk(`${folder}with.dot`), { recursive: true });
    for (const name of ["README", ".hidden.seg", "A.seg", "with.dot/a.seg", "x.seg.~1~"]) {
      writeFileSync(onDisk(`${folder}${name}`), "x");
    }
    value(await store.put(`${folder}a.seg`, someBytes(3)));
    expect(value(await store.list(folder)).blobs).toEqual([{ key: `${folder}a.seg`, size: 3 }]);
  });
});

test("a disk service that is not writable is a clear failure", async () => {
  const own = new BlobServer({ isDiskWritable: false });
  await own.start();
  try {
    const readOnly = own.store("disk");
    expect(failure(await readOnly.put(newKey(), someBytes(1))).code).toBe("blob_misconfigured");
    expect(failure(await readOnly.delete([newKey()])).code).toBe("blob_misconfigured");
    expect(failure(await readOnly.read(newKey())).code).toBe("blob_not_found");
  } finally {
    await own.dispose();
  }
});
