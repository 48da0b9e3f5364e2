/** Sends what must be refused, and looks at what every refusal has in common. */
import { expect } from "vitest";
import { type Answer, type Client, failureOf } from "./client.ts";

export interface Malformed {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON unless it is a text or bytes already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a request is refused. `fields` are those of `errors`, in their order, for refusals that have them. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly fields?: readonly string[];
}

const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Frames of a stack, paths of files, and names that only somebody with the source knows. */
const INTERNALS = /\\n\s+at |\.[cm]?[jt]s\b|node_modules|file:\/\/|\/src\/|sqlite|zod|durable/i;

/** Sends a request and gives how it was refused, after checking what holds for every refusal. */
export async function refusalOf(client: Client, request: Malformed): Promise<Refusal> {
  const { method = "POST", path, body, headers = {} } = request;
  return refusalIn(await client.send(method, path, body, headers));
}

export function refusalIn(answer: Answer): Refusal {
  const { status, headers, text } = answer;
  expect(status, text).toBeGreaterThanOrEqual(400);
  expect(headers.get("content-type")).toMatch(/^application\/json\b/);
  const failure = failureOf(answer);
  const names = ["code", "message", "request_id", ...("errors" in failure ? ["errors"] : [])];
  expect(Object.keys(failure).toSorted()).toEqual(names.toSorted());
  expect(failure.message).toMatch(/^\S[^\p{Cc}\u202e]*\S$/u);
  expect(failure.request_id).toMatch(REQUEST_ID);
  expect(headers.get("x-request-id")).toBe(failure.request_id);
  expect(text).not.toMatch(INTERNALS);
  for (const error of failure.errors ?? []) {
    expect(error).toEqual({
      field: expect.any(String) as string,
      code: expect.stringMatching(/^[a-z_]+$/) as string,
      message: expect.stringMatching(/\.$/) as string,
    });
  }
  const fields = failure.errors?.map(({ field }) => field);
  return { status, code: failure.code, ...(fields && { fields }) };
}
