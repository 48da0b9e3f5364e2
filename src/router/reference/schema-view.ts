/** A JSON Schema of the document as people read it: fields with their types and rules. */
import type { OpenApiDocument } from "./document.ts";

/** What of a JSON Schema the document's schemas use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  /** Of a parameter, which is text. */
  readonly examples?: readonly string[];
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
