/** Action schemas, as WorkOS has them: what the events of an action must look like, in numbered versions. */
import * as z from "zod";

/** A JSON Schema for one metadata object. Which keywords it may have is decided in `src/schemas/metadata-schema.ts`. */
const metadataSchemaSchema = z.record(z.string(), z.unknown(), {
  error:
    'must be a JSON Schema, such as {"type":"object","properties":{"pages":{"type":"number"}}}',
});
export type MetadataSchema = z.infer<typeof metadataSchemaSchema>;

const TARGETS_MAX = 50;

export const newActionSchemaSchema = z.object({
  actor: z.object({ metadata: metadataSchemaSchema }).optional(),
  targets: z
    .array(
      z.object({
        type: z.string().min(1).max(255),
        metadata: metadataSchemaSchema.optional(),
        /** An extension: false when events without a target of this type are valid too. */
        required: z.boolean().optional(),
      }),
    )
    .max(TARGETS_MAX),
  metadata: metadataSchemaSchema.optional(),
});

/** What a schema demands of an event; the body of a new version. */
export type ActionSchemaRules = z.infer<typeof newActionSchemaSchema>;

export const actionSchemaSchema = newActionSchemaSchema.extend({
  object: z.literal("audit_log_schema"),
  version: z.int().min(1),
  created_at: z.iso.datetime(),
});

/** One version. It never changes. */
export type ActionSchema = z.infer<typeof actionSchemaSchema>;

export const actionSchema = z.object({
  object: z.literal("audit_log_action"),
  name: z.string(),
  /** The newest version; null for an action that was seen without one, which only the list of an organization shows. */
  schema: actionSchemaSchema.nullable(),
  created_at: z.iso.datetime().nullable(),
  updated_at: z.iso.datetime().nullable(),
  /** An extension, in the list of an organization: how many of its events have the action. */
  events: z.int().min(0).optional(),
});

export type Action = z.infer<typeof actionSchema>;

export const inferredActionSchemaSchema = z.object({
  object: z.literal("inferred_audit_log_schema"),
  action: z.string(),
  organization_id: z.string(),
  /** The newest events of the action, from which the schema was inferred. */
  events: z.int().min(1),
  /** Fits every one of those events. Send it to `POST /audit_logs/actions/{action}/schemas` to make it the rule. */
  schema: newActionSchemaSchema,
});

export type InferredActionSchema = z.infer<typeof inferredActionSchemaSchema>;
