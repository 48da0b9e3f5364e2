/** The API of exports, for the command line: what goes wrong is a sentence for whoever typed the command. */
import type { ExportResource } from "../../contract/export.ts";
import { CommandError } from "../command.ts";

export interface ReadyExport {
  readonly id: string;
  readonly url: string;
  readonly events: number;
  readonly size: number;
  readonly sha256: string;
}

const PATH = "/audit_logs/exports";

export class ExportClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url.replace(/\/$/, "");
    this.#key = key;
  }

  /** @returns the id. */
  async create(request: Readonly<Record<string, unknown>>): Promise<string> {
    return (await this.#call("POST", PATH, JSON.stringify(request))).id;
  }

  get(id: string): Promise<ExportResource> {
    return this.#call("GET", `${PATH}/${encodeURIComponent(id)}`);
  }

  /** What can be downloaded, of an export that is over. */
  ready({ id, state, url, events, size, sha256, failure }: ExportResource): ReadyExport {
    if (state === "expired") {
      throw new CommandError(`export ${id} has expired and its file is deleted. Make a new one.`);
    }
    if (url === null || events === null || size === null || sha256 === null) {
      throw new CommandError(`export ${id} failed: ${failure?.message ?? "it has no file."}`);
    }
    return { id, url, events, size, sha256 };
  }

  async #call(method: string, path: string, body?: string): Promise<ExportResource> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}` },
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      const cause = error instanceof Error ? error.cause : undefined;
      const reason = cause instanceof Error ? cause.message : String(error);
      throw new CommandError(`the server ${this.#url} does not answer: ${reason}.`);
    });
    const answer = (await response.json().catch(() => ({}))) as ExportResource & {
      readonly message?: string;
    };
    if (!response.ok) {
      throw new CommandError(answer.message ?? `the server answered ${response.status}.`);
    }
    return answer;
  }
}
