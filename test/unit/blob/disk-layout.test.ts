import fc from "fast-check";
import { expect, test } from "vitest";
import { partPath, piecesOf } from "../../../src/blob/disk/disk-layout.ts";

const UPLOAD = "00000000-0000-4000-8000-000000000000";

test("the pieces of a range are its bytes, each once and in order, whatever the parts", () => {
  const objects = fc
    .record({ partBytes: fc.integer({ min: 1, max: 9 }), size: fc.integer({ min: 1, max: 60 }) })
    .chain(({ partBytes, size }) =>
      fc
        .integer({ min: 0, max: size - 1 })
        .chain((offset) =>
          fc
            .integer({ min: 1, max: size - offset })
            .map((length) => ({ partBytes, size, offset, length })),
        ),
    );
  fc.assert(
    fc.property(objects, ({ partBytes, size, offset, length }) => {
      const pieces = piecesOf({ upload: UPLOAD, size, partBytes }, { offset, length });
      const bytes = pieces.flatMap((piece) =>
        Array.from({ length: piece.length }, (_, index) => [piece.path, piece.offset + index]),
      );
      const expected = Array.from({ length }, (_, index) => {
        const at = offset + index;
        return [partPath(UPLOAD, Math.floor(at / partBytes) + 1), at % partBytes];
      });
      expect(bytes).toEqual(expected);
      expect(new Set(pieces.map(({ path }) => path)).size).toBe(pieces.length);
    }),
  );
});

test("the files of parts sort by their number", () => {
  const paths = [1, 2, 10, 999, 1_000, 10_000].map((part) => partPath(UPLOAD, part));
  expect(paths.toSorted()).toEqual(paths);
});
