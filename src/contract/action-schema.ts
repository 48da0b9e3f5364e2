/** Action schemas, as WorkOS has them: what the events of an action must look like, in numbered versions. */
import * as z from "zod";

/** A JSON Schema for one metadata object. Which keywords it may have is decided in `src/schemas/metadata-schema.ts`. */
const metadataSchemaSchema = z.record(z.string(), z.unknown(), {
  error:
    'must be a JSON Schema, such as {"type":"object","properties":{"pages":{"type":"number"}}}',
});
export type MetadataSchema = z.infer<typeof metadataSchemaSchema>;

const RULES = "A JSON Schema for the metadata.";

const TARGETS_MAX = 50;

export const newActionSchemaSchema = z.strictObject({
  actor: z
    .strictObject({ metadata: metadataSchemaSchema.describe(RULES) })
    .optional()
    .describe("What holds of the actor."),
  targets: z
    .array(
      z.strictObject({
        type: z.string().min(1).max(255).describe("The type of a target."),
        metadata: metadataSchemaSchema.optional().describe(RULES),
        required: z
          .boolean()
          .optional()
          .describe("An extension: false when events without a target of this type fit too."),
      }),
    )
    .max(TARGETS_MAX)
    .describe("The types of target that an event has. It may have others besides."),
  metadata: metadataSchemaSchema.optional().describe(RULES),
});

/** What a schema demands of an event; the body of a new version. */
export type ActionSchemaRules = z.infer<typeof newActionSchemaSchema>;

export const actionSchemaSchema = newActionSchemaSchema
  .extend({
    object: z.literal("audit_log_schema"),
    version: z.int().min(1).describe("Counted from 1. A version never changes."),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "ActionSchema" });

/** One version. It never changes. */
export type ActionSchema = z.infer<typeof actionSchemaSchema>;

export const actionSchema = z
  .object({
    object: z.literal("audit_log_action"),
    name: z.string().describe("The action, as events name it."),
    schema: actionSchemaSchema
      .nullable()
      .describe("The newest version; null in an organization's list for an action without one."),
    created_at: z.iso.datetime().nullable(),
    updated_at: z.iso.datetime().nullable(),
    events: z
      .int()
      .min(0)
      .optional()
      .describe(
        "An extension, in the list of an organization: how many of its events have the action.",
      ),
  })
  .meta({ id: "Action" });

export type Action = z.infer<typeof actionSchema>;

export const inferredActionSchemaSchema = z
  .object({
    object: z.literal("inferred_audit_log_schema"),
    action: z.string().describe("The action, as events name it."),
    organization_id: z.string(),
    events: z.int().min(1).describe("How many of the newest events it was inferred from."),
    schema: newActionSchemaSchema.describe("What to post to make it the rule."),
  })
  .meta({ id: "InferredActionSchema" });

export type InferredActionSchema = z.infer<typeof inferredActionSchemaSchema>;
