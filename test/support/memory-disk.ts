/** workerd's disk service in memory, with the power to fail at any step. */

export class MemoryDisk {
  readonly files = new Map<string, Uint8Array>();
  /** Changes that may still be made; the one after them rejects, as do all that follow. */
  changesLeft = Number.POSITIVE_INFINITY;
  /** Changes made so far. */
  changes = 0;

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const path = new URL(url).pathname.slice(1);
    switch (init.method ?? "GET") {
      case "PUT":
        this.#change();
        this.files.set(path, new Uint8Array(init.body as Uint8Array<ArrayBuffer>));
        return new Response(null, { status: 204 });
      case "DELETE":
        this.#change();
        return new Response(null, { status: this.#remove(path) ? 204 : 404 });
      default:
        return this.#get(path, init);
    }
  }

  #change(): void {
    if (this.changesLeft === 0) {
      throw new Error("internal error; reference = crashed");
    }
    this.changesLeft--;
    this.changes++;
  }

  #remove(path: string): boolean {
    const paths = [...this.files.keys()].filter(
      (name) => name === path || name.startsWith(`${path}/`),
    );
    for (const name of paths) {
      this.files.delete(name);
    }
    return paths.length > 0;
  }

  #get(path: string, { method, headers }: RequestInit): Response {
    const bytes = this.files.get(path);
    if (bytes === undefined) {
      return this.#list(path);
    }
    const common = { "content-type": "application/octet-stream" };
    const range = /^bytes=(\d+)-(\d+)$/.exec(new Headers(headers).get("range") ?? "");
    const first = Number(range?.[1] ?? 0);
    const last = Math.min(Number(range?.[2] ?? bytes.length - 1), bytes.length - 1);
    if (range !== null && first >= bytes.length) {
      return new Response("Range Not Satisfiable", { status: 416 });
    }
    const body = bytes.slice(first, last + 1);
    const length = { "content-length": String(body.length) };
    const isWhole = body.length === bytes.length;
    const content = { "content-range": `bytes ${first}-${last}/${bytes.length}` };
    return new Response(method === "HEAD" ? null : body, {
      status: isWhole ? 200 : 206,
      headers: isWhole ? { ...common, ...length } : { ...common, ...length, ...content },
    });
  }

  #list(path: string): Response {
    const folder = path === "" || path.endsWith("/") ? path : `${path}/`;
    const names = [...this.files.keys()].filter((name) => name.startsWith(folder));
    if (names.length === 0 && path !== "") {
      return new Response("Not Found", { status: 404 });
    }
    const entries = new Map(
      names.map((name) => {
        const [entry = "", ...rest] = name.slice(folder.length).split("/");
        return [entry, rest.length === 0 ? "file" : "directory"] as const;
      }),
    );
    return Response.json([...entries].map(([name, type]) => ({ name, type })));
  }
}
