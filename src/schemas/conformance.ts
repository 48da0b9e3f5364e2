/** Does an event fit its action's schema? Every broken rule is named with the field that broke it. */
import { type OutputUnit, Validator } from "@cfworker/json-schema";
import type { ActionSchema, MetadataSchema } from "../contract/action-schema.ts";
import type { AuditEvent, Metadata } from "../contract/event.ts";
import type { FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { ruleSentence } from "./rule-sentence.ts";

/** A schema made ready to check events. */
export interface SchemaCheck {
  /** What is wrong with an event of the schema's action. `path` is where it stands in the request. */
  readonly errors: (event: AuditEvent, path: string) => readonly FieldError[];
}

type MetadataCheck = (metadata: Metadata | undefined, path: string) => readonly Fault[];

interface Fault {
  readonly field: string;
  readonly rule: string;
  readonly problem: string;
}

/** @param schema one that `readActionSchemaRules` has accepted. */
export function schemaCheck(schema: ActionSchema): SchemaCheck {
  const actor = metadataCheck(schema.actor?.metadata);
  const metadata = metadataCheck(schema.metadata);
  const targets = targetsCheck(schema.targets);
  const source = `version ${schema.version} of the action's schema`;
  return {
    errors: (event, path) =>
      [
        ...actor(event.actor.metadata, `${path}.actor.metadata`),
        ...targets(event.targets, `${path}.targets`),
        ...metadata(event.metadata, `${path}.metadata`),
      ]
        .slice(0, FIELD_ERRORS_MAX)
        .map(({ field, rule, problem }) => ({
          field,
          code: rule,
          message: `'${field}' ${problem} (${source}).`,
        })),
  };
}

/**
 * As with WorkOS, an event has a target of every type that the schema lists, and may have others. A type that is
 * missing is reported at a target whose type the schema does not know, if there is one: it is most likely misspelt.
 */
function targetsCheck(rules: ActionSchema["targets"]) {
  const checks = new Map(rules.map(({ type, metadata }) => [type, metadataCheck(metadata)]));
  const required = rules.filter((rule) => rule.required ?? true).map(({ type }) => type);
  return function* (targets: AuditEvent["targets"], path: string): Iterable<Fault> {
    const types = new Set(targets.map(({ type }) => type));
    const missing = required.filter((type) => !types.has(type));
    const unknown = targets.findIndex(({ type }) => !checks.has(type));
    if (missing.length > 0 && unknown !== -1) {
      const problem = `must be ${missing.map((type) => `'${type}'`).join(" or ")}`;
      yield { field: `${path}[${unknown}].type`, rule: "const", problem };
    } else if (missing.length > 0) {
      const problem = `must have a target of the type '${missing.join("' and one of the type '")}'`;
      yield { field: path, rule: "contains", problem };
    }
    for (const [index, target] of targets.entries()) {
      yield* checks.get(target.type)?.(target.metadata, `${path}[${index}].metadata`) ?? [];
    }
  };
}

function metadataCheck(schema: MetadataSchema | undefined): MetadataCheck {
  if (schema === undefined) {
    return () => [];
  }
  // The validator notes on the schema's objects what it learns of them, so it is given a copy.
  const validator = new Validator(structuredClone(schema), "2020-12", false);
  return (metadata = {}, path) => {
    const { valid, errors } = validator.validate(metadata);
    return valid ? [] : Array.from(faults(errors, { schema, metadata, path }));
  };
}

interface Subject {
  readonly schema: MetadataSchema;
  readonly metadata: Metadata;
  readonly path: string;
}

/** Keywords that only say that something below them failed, which is reported itself. */
const WRAPPERS = new Set([
  "properties",
  "patternProperties",
  "additionalProperties",
  "allOf",
  "if",
  "dependentSchemas",
]);
/** Keywords that failed as a whole: what failed below them is no rule that must hold. */
const WHOLES = new Set(["anyOf", "oneOf", "propertyNames"]);

function* faults(errors: readonly OutputUnit[], subject: Subject): Iterable<Fault> {
  const wholes: string[] = [];
  const seen = new Set<string>();
  for (const { keyword, keywordLocation, instanceLocation } of errors) {
    const isInWhole = wholes.some((whole) => keywordLocation.startsWith(whole));
    const place = `${instanceLocation} ${keywordLocation}`;
    if (isInWhole || seen.has(place) || WRAPPERS.has(keyword)) {
      continue;
    }
    seen.add(place);
    if (WHOLES.has(keyword)) {
      wholes.push(`${keywordLocation}/`);
    }
    yield* faultsOf(keyword, steps(keywordLocation), steps(instanceLocation), subject);
  }
}

function* faultsOf(
  keyword: string,
  keywordPath: readonly string[],
  instancePath: readonly string[],
  { schema, metadata, path }: Subject,
): Iterable<Fault> {
  const field = [path, ...instancePath.map((name) => name.slice(0, 64))].join(".");
  const rule =
    keyword === "false"
      ? "not_in_schema"
      : keyword.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const expected = valueAt(schema, keywordPath);
  if (keyword === "required" || keyword === "dependentRequired") {
    for (const name of missingNames(expected, metadata)) {
      yield { field: `${field}.${name.slice(0, 64)}`, rule: "required", problem: "is required" };
    }
  } else {
    yield { field, rule, problem: ruleSentence(keyword, expected) };
  }
}

/** @param expected the value of `required` or of `dependentRequired`. */
function missingNames(expected: unknown, metadata: Metadata): string[] {
  const lists = Array.isArray(expected)
    ? [expected as string[]]
    : Object.entries(expected as Readonly<Record<string, string[]>>)
        .filter(([name]) => Object.hasOwn(metadata, name))
        .map(([, names]) => names);
  return [...new Set(lists.flat())].filter((name) => !Object.hasOwn(metadata, name));
}

/** The steps of a JSON pointer in a URI fragment, `#/properties/a`. */
function steps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(schema: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, step) => {
    // The validator misspells this one keyword in its locations.
    const name = step === "dependantRequired" ? "dependentRequired" : step;
    return (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  }, schema);
}
