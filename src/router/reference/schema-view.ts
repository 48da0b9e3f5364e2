/** A JSON Schema of the document as people read it: fields with their types and rules, and an example. */
import type { OpenApiDocument } from "./document.ts";

/** What of a JSON Schema the document's schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** Sentences. */
  readonly notes: readonly string[];
  readonly fields: readonly Field[];
}

/** Fields within fields within fields are enough for a page; the document has all. */
const DEPTH_MAX = 4;

export class SchemaView {
  readonly #components: Readonly<Record<string, Schema>>;

  constructor(document: OpenApiDocument) {
    this.#components = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  }

  /** The fields of an object, or of the objects in a list. */
  fields(schema: Schema, depth = 1): Field[] {
    const object = this.#object(schema);
    if (object === undefined || depth > DEPTH_MAX) {
      return [];
    }
    return Object.entries(object.properties ?? {}).map(([name, property]) => ({
      name,
      type: this.typeText(property),
      isRequired: object.required?.includes(name) ?? false,
      notes: this.notes(property),
      fields: this.fields(property, depth + 1),
    }));
  }

  typeText(schema: Schema): string {
    const resolved = this.#resolve(schema);
    if (resolved.const !== undefined) {
      return JSON.stringify(resolved.const);
    }
    if (resolved.anyOf !== undefined) {
      return resolved.anyOf.map((one) => this.typeText(one)).join(" | ");
    }
    if (resolved.items !== undefined) {
      return `${this.typeText(resolved.items)}[]`;
    }
    return resolved.format ?? [resolved.type ?? "any"].flat().join(" | ");
  }

  notes(schema: Schema): string[] {
    const resolved = this.#resolve(schema);
    const inner = resolved.anyOf?.find(({ type }) => type !== "null") ?? resolved;
    const values = inner.enum ?? inner.items?.enum;
    return [
      schema.description ?? resolved.description ?? "",
      values === undefined
        ? ""
        : `One of ${values.map((value) => `\`${String(value)}\``).join(", ")}.`,
      boundsText(inner),
      inner.default === undefined ? "" : `Default: \`${JSON.stringify(inner.default)}\`.`,
    ].filter((note) => note !== "");
  }

  example(schema: Schema, name = "", depth = 0): unknown {
    const resolved = this.#resolve(schema);
    const given = [resolved.examples?.[0], resolved.const, resolved.default, resolved.enum?.[0]];
    const known = given.find((value) => value !== undefined);
    if (known !== undefined) {
      return known;
    }
    if (resolved.anyOf !== undefined) {
      const isNull = resolved.anyOf.some(({ type }) => type === "null") && NULLS.has(name);
      return isNull ? null : this.example(resolved.anyOf[0] ?? {}, name, depth);
    }
    if (resolved.items !== undefined) {
      return "not" in resolved.items ? [] : [this.example(resolved.items, name, depth + 1)];
    }
    if (resolved.properties !== undefined) {
      const names = Object.entries(resolved.properties);
      return Object.fromEntries(
        names.map(([key, one]) => [key, this.example(one, key, depth + 1)]),
      );
    }
    return EXAMPLES[name] ?? plainExample(resolved);
  }

  #object(schema: Schema): Schema | undefined {
    const resolved = this.#resolve(schema);
    if (resolved.items !== undefined) {
      return this.#object(resolved.items);
    }
    if (resolved.anyOf !== undefined) {
      return resolved.anyOf.map((one) => this.#object(one)).find((one) => one !== undefined);
    }
    return resolved.properties === undefined ? undefined : resolved;
  }

  #resolve(schema: Schema): Schema {
    const name = schema.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
    return name === undefined ? schema : (this.#components[name] ?? {});
  }
}

/** Values by which an example tells what a field is for. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  id: "01a2073b-5196-7000-8000-0001f9742391",
  seq: 42,
  organization_id: "org_acme",
  external_id: "customer-17",
  organization: "org_acme",
  action: "document.shared",
  name: "Example",
  type: "document",
  location: "203.0.113.7",
  user_agent: "Mozilla/5.0",
  key: "rk_live_…",
  ticket: "rkt_…",
  link: "https://audit.example.com/portal#…",
  value: "document.shared",
  interval: "day",
  metadata: { request_id: "5e6f6f0a" },
};
const NULLS = new Set(["before", "after", "expires_at", "return_url"]);

function plainExample({ type, format, minimum }: Schema): unknown {
  switch ([type].flat()[0]) {
    case "integer":
    case "number":
      return Math.max(minimum ?? 0, 1);
    case "boolean":
      return true;
    case "object":
      return {};
    case "null":
      return null;
    default:
      return format === "date-time" ? "2026-11-22T09:30:00.000Z" : "…";
  }
}

function boundsText(schema: Schema): string {
  const bound = (least: number | undefined, most: number | undefined, unit: string) => {
    if (least !== undefined && most !== undefined) {
      return `${least} to ${most}${unit}.`;
    }
    if (most !== undefined) {
      return `At most ${most}${unit}.`;
    }
    return least === undefined || least <= 1 ? "" : `At least ${least}${unit}.`;
  };
  return [
    bound(schema.minimum, schema.maximum, ""),
    bound(schema.minLength, schema.maxLength, " characters"),
    bound(schema.minItems, schema.maxItems, " items"),
  ]
    .filter((text) => text !== "")
    .join(" ");
}
