/** Objects with names that the client chooses: metadata. */
import * as z from "zod";

export interface RecordRules {
  readonly nameRule: RegExp;
  readonly nameMessage: string;
  readonly namesMax: number;
  readonly valueMessage: string;
  /** The JSON Schema of a value, for the document. */
  readonly valueSchema: Readonly<Record<string, unknown>>;
}

/**
 * A record that keeps every name, also those that mean something to JavaScript: zod's own record drops `__proto__`,
 * and an audit log must not lose a value without a word.
 */
export function recordSchema<Value>(
  rules: RecordRules,
  isValue: (value: unknown) => value is Value,
): z.ZodType<Record<string, Value>> {
  const message = (text: string) => ({ code: "custom" as const, message: text });
  const check: z.core.CheckFn<Record<string, Value>> = ({ value: input, issues }) => {
    const value: unknown = input;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      issues.push({ code: "invalid_type", expected: "record", input: value });
      return;
    }
    const entries = Object.entries(value);
    if (entries.length > rules.namesMax) {
      issues.push({ ...message(`must have at most ${rules.namesMax} names`), input: value });
    }
    for (const [name, member] of entries) {
      if (!rules.nameRule.test(name)) {
        issues.push({ ...message(rules.nameMessage), input: value, path: [name] });
      } else if (!isValue(member)) {
        issues.push({ ...message(rules.valueMessage), input: member, path: [name] });
      }
    }
  };
  const override = {
    type: "object" as const,
    maxProperties: rules.namesMax,
    patternProperties: { [rules.nameRule.source]: rules.valueSchema },
    additionalProperties: false,
  };
  return z.custom<Record<string, Value>>().check(check).meta({ override });
}
