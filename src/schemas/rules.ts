/** Reads the body of a new action schema: the contract's shape, and metadata schemas that can be kept. */
import { type ActionSchemaRules, newActionSchemaSchema } from "../contract/action-schema.ts";
import { failureOf, read } from "../contract/field-errors.ts";
import type { FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { ok, type Result } from "../kernel/result.ts";
import { metadataSchemaErrors } from "./metadata-schema.ts";

const CODE = "unprocessable_entity";

export function readActionSchemaRules(body: unknown): Result<ActionSchemaRules> {
  const rules = read(newActionSchemaSchema, body, "", CODE);
  if (!rules.ok) {
    return rules;
  }
  const errors = [...repeatedTypes(rules.value), ...schemaErrors(rules.value)];
  return errors.length === 0
    ? ok(rules.value)
    : { ok: false, failure: failureOf(CODE, errors.slice(0, FIELD_ERRORS_MAX)) };
}

function* schemaErrors({ actor, targets, metadata }: ActionSchemaRules): Iterable<FieldError> {
  if (actor !== undefined) {
    yield* metadataSchemaErrors(actor.metadata, "actor.metadata");
  }
  for (const [index, target] of targets.entries()) {
    if (target.metadata !== undefined) {
      yield* metadataSchemaErrors(target.metadata, `targets[${index}].metadata`);
    }
  }
  if (metadata !== undefined) {
    yield* metadataSchemaErrors(metadata, "metadata");
  }
}

/** Two rules for one type would leave open which of them holds. */
function* repeatedTypes({ targets }: ActionSchemaRules): Iterable<FieldError> {
  for (const [index, { type }] of targets.entries()) {
    if (targets.findIndex((target) => target.type === type) !== index) {
      const field = `targets[${index}].type`;
      const message = `'${field}' is '${type}' for the second time. Give every type of target once.`;
      yield { field, code: "duplicate", message };
    }
  }
}
