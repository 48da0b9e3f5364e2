/** Reads what a reader of a live tail sends. */
import { read } from "../../contract/field-errors.ts";
import { tailClientMessageSchema } from "../../contract/tail.ts";
import { type Failure, failure } from "../../kernel/failure.ts";

export function readTailMessage(message: string | ArrayBuffer) {
  const notJson = failure(
    "invalid_request",
    "A message must be a JSON text of type 'ack' or 'filter'.",
  );
  if (typeof message !== "string") {
    return notJson satisfies { failure: Failure };
  }
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return notJson;
  }
  return read(tailClientMessageSchema, value, "", "invalid_request");
}
