/**
 * Which JSON Schemas (draft 2020-12) a metadata object can have.
 *
 * Metadata is flat: names with texts, numbers and booleans. So the keywords are those that say something about such an
 * object; a keyword that is unknown is refused, because a misspelt rule that is ignored accepts what it should not.
 * There are no references, so a schema is a tree and its size bounds the work that one event can cost.
 */
import type { FieldError } from "../kernel/failure.ts";
import { FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import { patternCost } from "./pattern-cost.ts";

/** Schemas within one metadata schema, itself included. WorkOS allows 50 names in a metadata object. */
const SUBSCHEMAS_MAX = 250;
const DEPTH_MAX = 8;
const LIST_MAX = 250;
const TEXT_MAX = 1_000;
const PATTERN_MAX = 200;
const PATTERN_REPEATS_MAX = 500;
/** `patternCost` of all patterns of one metadata schema together: some milliseconds for the worst text. */
const PATTERN_COST_MAX = 300_000;

const TYPES = ["object", "string", "number", "integer", "boolean"];
const FORMATS = [
  "date-time",
  "date",
  "time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uuid",
];

/** What is wrong with the metadata schema at `path`. */
export function metadataSchemaErrors(schema: unknown, path: string): FieldError[] {
  const walk: Walk = { errors: [], subschemas: 0, patternCost: 0 };
  visit(schema, { path, depth: 1, walk });
  return walk.errors.slice(0, FIELD_ERRORS_MAX);
}

interface Walk {
  readonly errors: FieldError[];
  subschemas: number;
  patternCost: number;
}

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly walk: Walk;
}

/** What is wrong with the value of a keyword, as the end of a sentence; undefined when nothing is. */
type Keyword = (value: unknown, place: Place) => string | undefined;

/** Reports what is wrong itself, at the places below. */
const subschema: Keyword = (value, place) => {
  visit(value, { ...place, depth: place.depth + 1 });
  return undefined;
};

const subschemaList: Keyword = (value, place) => {
  if (!Array.isArray(value) || value.length === 0) {
    return "must be a list of at least one schema";
  }
  value.forEach((item, index) => subschema(item, { ...place, path: `${place.path}[${index}]` }));
  return undefined;
};

const subschemaByName: Keyword = (value, place) => {
  if (!isObject(value)) {
    return "must be an object of schemas";
  }
  for (const [name, item] of Object.entries(value)) {
    subschema(item, { ...place, path: `${place.path}.${name.slice(0, 64)}` });
  }
  return undefined;
};

const subschemaByPattern: Keyword = (value, place) => {
  for (const name of isObject(value) ? Object.keys(value) : []) {
    const problem = pattern(name, place);
    if (problem !== undefined) {
      return `has a name that ${problem}`;
    }
  }
  return subschemaByName(value, place);
};

const types: Keyword = (value) => {
  const all = Array.isArray(value) ? value : [value];
  const isKnown = all.length > 0 && all.every((type) => TYPES.includes(type as string));
  return isKnown ? undefined : `must be of ${TYPES.join(", ")}: metadata has no other values`;
};

const scalar: Keyword = (value) =>
  ["string", "number", "boolean"].includes(typeof value)
    ? undefined
    : "must be a text, a number or a boolean, as metadata values are";

const scalars: Keyword = (value, place) =>
  !Array.isArray(value) || value.length === 0 || value.length > LIST_MAX
    ? `must be a list of 1 to ${LIST_MAX} values`
    : value.map((item) => scalar(item, place)).find((problem) => problem !== undefined);

const names: Keyword = (value) =>
  Array.isArray(value) &&
  value.length <= LIST_MAX &&
  value.every((name) => typeof name === "string") &&
  new Set(value).size === value.length
    ? undefined
    : `must be a list of at most ${LIST_MAX} different names`;

const namesByName: Keyword = (value, place) =>
  isObject(value) && Object.values(value).every((list) => names(list, place) === undefined)
    ? undefined
    : "must be an object of lists of names";

const number: Keyword = (value) => (typeof value === "number" ? undefined : "must be a number");

const positive: Keyword = (value) =>
  typeof value === "number" && value > 0 ? undefined : "must be a number above 0";

const count: Keyword = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : "must be a whole number from 0";

const format: Keyword = (value) =>
  FORMATS.includes(value as string) ? undefined : `must be one of ${FORMATS.join(", ")}`;

const pattern = (value: unknown, { walk }: Place): string | undefined => {
  if (typeof value !== "string" || value.length > PATTERN_MAX || !isPattern(value)) {
    return `must be a regular expression (ECMAScript, flag u) of at most ${PATTERN_MAX} characters`;
  }
  walk.patternCost += patternCost(value);
  return walk.patternCost <= PATTERN_COST_MAX
    ? undefined
    : "can take too long on some texts. Begin it with ^, give repetitions an end, as in {1,40}, and do not nest them";
};

/** Says something to people, not to the check. */
const annotation: Keyword = (value) =>
  JSON.stringify(value).length <= TEXT_MAX
    ? undefined
    : `must be at most ${TEXT_MAX} characters long`;

const RULES: ReadonlyMap<string, Keyword> = new Map([
  ["type", types],
  ["enum", scalars],
  ["const", scalar],
  ["properties", subschemaByName],
  ["patternProperties", subschemaByPattern],
  ["additionalProperties", subschema],
  ["propertyNames", subschema],
  ["required", names],
  ["dependentRequired", namesByName],
  ["dependentSchemas", subschemaByName],
  ["minProperties", count],
  ["maxProperties", count],
  ["allOf", subschemaList],
  ["anyOf", subschemaList],
  ["oneOf", subschemaList],
  ["not", subschema],
  ["if", subschema],
  ["then", subschema],
  ["else", subschema],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", number],
  ["exclusiveMaximum", number],
  ["multipleOf", positive],
  ["minLength", count],
  ["maxLength", count],
  ["pattern", pattern],
  ["format", format],
]);
const ANNOTATIONS = new Set([
  "$schema",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
]);

function visit(schema: unknown, place: Place): void {
  const { path, depth, walk } = place;
  walk.subschemas++;
  if (walk.subschemas > SUBSCHEMAS_MAX || depth > DEPTH_MAX) {
    const limit = depth > DEPTH_MAX ? `${DEPTH_MAX} levels deep` : `${SUBSCHEMAS_MAX} schemas`;
    refuse(place, "too_big", `is too large: a metadata schema has at most ${limit}`);
    return;
  }
  if (typeof schema === "boolean") {
    return;
  }
  if (!isObject(schema)) {
    refuse(place, "invalid_type", "must be a JSON Schema: an object, true or false");
    return;
  }
  for (const [name, value] of Object.entries(schema)) {
    const inner = { ...place, path: `${path}.${name.slice(0, 64)}` };
    const keyword = ANNOTATIONS.has(name) ? annotation : RULES.get(name);
    if (keyword === undefined) {
      const known = [...RULES.keys()].join(", ");
      refuse(inner, "unknown_keyword", `is no rule for metadata. There are: ${known}`);
    } else {
      const problem = keyword(value, inner);
      if (problem !== undefined) {
        refuse(inner, "invalid_keyword", problem);
      }
    }
    if (walk.errors.length >= FIELD_ERRORS_MAX || walk.subschemas > SUBSCHEMAS_MAX) {
      return;
    }
  }
}

function refuse({ path, walk }: Place, code: string, problem: string): void {
  walk.errors.push({ field: path, code, message: `'${path}' ${problem}.` });
}

/** Compiling is lazy, so a pattern that is too large for the engine shows itself only when it is used. */
function isPattern(source: string): boolean {
  const repeats = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, from, to]) => [
    from,
    to,
  ]);
  if (repeats.some((repeat) => Number(repeat ?? 0) > PATTERN_REPEATS_MAX)) {
    return false;
  }
  try {
    new RegExp(source, "u").test("");
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
