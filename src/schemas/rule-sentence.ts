/** What a rule of a metadata schema demands, as the end of a sentence that begins with the field. */

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
};
const VALUES_SHOWN = 10;

/** @param expected the keyword's value in the schema. */
export function ruleSentence(keyword: string, expected: unknown): string {
  const sentence = SENTENCES[keyword];
  return sentence === undefined ? `breaks the rule '${keyword}'` : sentence(expected);
}

const SENTENCES: Readonly<Record<string, (expected: unknown) => string>> = {
  type: (types) => `must be ${[types].flat().map(typeName).join(" or ")}`,
  const: (value) => `must be ${JSON.stringify(value)}`,
  enum: (values) => `must be ${listed(values)}`,
  // `additionalProperties: false` and the like.
  false: () => "is not in the schema",
  minLength: (least) => `must be at least ${String(least)} characters long`,
  maxLength: (most) => `must be at most ${String(most)} characters long`,
  pattern: (pattern) => `must match the pattern ${String(pattern)}`,
  format: (format) => `must have the format '${String(format)}'`,
  minimum: (least) => `must be at least ${String(least)}`,
  maximum: (most) => `must be at most ${String(most)}`,
  exclusiveMinimum: (bound) => `must be more than ${String(bound)}`,
  exclusiveMaximum: (bound) => `must be less than ${String(bound)}`,
  multipleOf: (unit) => `must be a multiple of ${String(unit)}`,
  minProperties: (least) => `must have at least ${String(least)} names`,
  maxProperties: (most) => `must have at most ${String(most)} names`,
  propertyNames: () => "has a name that the schema does not allow",
  anyOf: () => "fits none of the schema's alternatives",
  oneOf: () => "must fit exactly one of the schema's alternatives",
  not: () => "is what the schema excludes",
};

function typeName(type: unknown): string {
  return TYPE_NAMES[String(type)] ?? String(type);
}

function listed(values: unknown): string {
  const all = (values as readonly unknown[]).map((value) => JSON.stringify(value));
  const more = all.length - VALUES_SHOWN;
  return more > 0
    ? `one of ${all.slice(0, VALUES_SHOWN).join(", ")} and ${more} more`
    : all.join(" or ");
}
