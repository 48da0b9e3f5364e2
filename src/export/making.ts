/** An export from the first byte to the manifest: the file is made, read back, described. */
import type { BlobResult } from "../blob/blob-failure.ts";
import { ok } from "../kernel/result.ts";
import { sha256Hex } from "../kernel/sha256.ts";
import type { Query } from "../query/query.ts";
import { eventsFile, type ExportFiles, fileKeys, manifestFile, manifestOf } from "./file.ts";
import { Maker, type MakerOptions, type MakerPorts } from "./maker.ts";
import type { ExportSpec } from "./spec.ts";
import { type FilePiece, Verifier } from "./verifier.ts";

export interface MadeExport {
  readonly files: ExportFiles;
  /** Events in the file. */
  readonly events: number;
}

export class Making {
  readonly #ports: MakerPorts;
  readonly #spec: ExportSpec;
  readonly #maker: Maker;
  #verifier: Verifier | undefined;

  /** Goes on from what the database says. @param where the query of the spec's filter. */
  constructor(ports: MakerPorts, spec: ExportSpec, where: Query, options: MakerOptions = {}) {
    this.#ports = ports;
    this.#spec = spec;
    this.#maker = new Maker(ports, spec, where, options);
  }

  /** Events of the log that have been looked through. */
  get eventsRead(): number {
    return this.#maker.eventsRead;
  }

  /** Changes whenever something was gained that a failure does not take away. */
  get mark(): string {
    return `${this.#maker.mark} ${this.#verifier?.mark ?? ""}`;
  }

  /**
   * Works for about so long. After a failure the same call goes on; after a throw, only a new one can.
   *
   * @returns undefined when there is more to do.
   */
  async work(milliseconds: number): Promise<BlobResult<MadeExport | undefined>> {
    const until = this.#ports.clock() + milliseconds;
    if (this.#verifier === undefined) {
      const made = await this.#maker.work(milliseconds);
      if (!made.ok || !made.value) {
        return made.ok ? ok(undefined) : made;
      }
      const { events: key } = fileKeys(this.#spec);
      this.#verifier = new Verifier(this.#ports, key, this.#maker.pieces);
    }
    const verified = await this.#verifier.work(Math.max(0, until - this.#ports.clock()));
    if (!verified.ok || verified.value === undefined) {
      return verified.ok ? ok(undefined) : verified;
    }
    return this.#describe(verified.value);
  }

  async #describe(whole: FilePiece): Promise<BlobResult<MadeExport>> {
    const { events, purged, pieces } = this.#maker;
    const file = eventsFile(this.#spec, whole);
    const made = { events, purged, pieces, finishedAt: this.#ports.clock() };
    const text = `${JSON.stringify(manifestOf(this.#spec, file, made), undefined, 2)}\n`;
    const bytes = new TextEncoder().encode(text);
    const manifest = manifestFile(this.#spec, { size: bytes.byteLength, sha256: sha256Hex(bytes) });
    const stored = await this.#ports.store.put(manifest.key, bytes);
    return stored.ok ? ok({ files: { events: file, manifest }, events }) : stored;
  }
}
