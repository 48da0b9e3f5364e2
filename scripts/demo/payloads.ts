/** The webhook payloads that GitHub's own documentation is made of, as `@octokit/webhooks-examples` ships them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export type Payload = Readonly<Record<string, unknown>>;

export interface Delivery {
  /** The webhook's name, such as `pull_request`. */
  readonly webhook: string;
  readonly payload: Payload;
}

interface Webhook {
  readonly name: string;
  readonly examples: readonly Payload[];
}

const FILE = "@octokit/webhooks-examples/api.github.com/index.json";

/** Every example of every webhook, in the order of the file. */
export function readDeliveries(): Delivery[] {
  const path = createRequire(import.meta.url).resolve(FILE);
  const webhooks = JSON.parse(readFileSync(path, "utf8")) as readonly Webhook[];
  return webhooks.flatMap(({ name, examples }) =>
    examples.map((payload) => ({ webhook: name, payload })),
  );
}

/** The value at a path such as `pull_request.title`; undefined where the payload has none. */
export function valueAt(payload: unknown, path: string): unknown {
  let value = payload;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) {
      return undefined;
    }
    value = (value as Payload)[name];
  }
  return value ?? undefined;
}

/** The first of the paths that holds a text that is not empty, a number or a boolean. */
export function firstScalar(
  payload: unknown,
  paths: readonly string[],
): string | number | boolean | undefined {
  for (const path of paths) {
    const value = valueAt(payload, path);
    if (typeof value === "number" || typeof value === "boolean") {
      return value;
    }
    if (typeof value === "string" && value !== "") {
      return value;
    }
  }
  return undefined;
}
