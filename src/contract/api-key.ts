/** API keys. WorkOS has no endpoint for them; these are in its style. */
import * as z from "zod";
import { KEY_OVERLAP_SECONDS_DEFAULT, KEY_OVERLAP_SECONDS_MAX } from "../kernel/limits.ts";
import { SCOPES } from "../kernel/scope.ts";
import { timestampSchema } from "./event.ts";
import { ORGANIZATION_ID } from "./organization.ts";

export const newApiKeySchema = z.strictObject({
  name: z.string().min(1).max(255).describe("For people: what uses the key."),
  scopes: z
    .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(", ")}` }))
    .min(1)
    .describe("What the key may do. Nobody can give a key more than they may themselves."),
  organization_id: z
    .string()
    .regex(ORGANIZATION_ID, { error: "must be the id of an organization" })
    .nullish()
    .describe("The only organization that the key sees. Without it the key sees all."),
  expires_at: timestampSchema.nullish().describe("When the key stops working; never unless set."),
});

export type NewApiKey = z.infer<typeof newApiKeySchema>;

/** What is asked of `POST /api_keys/{id}/rotate`. */
export const rotationSchema = z.strictObject({
  overlap_in_seconds: z
    .int()
    .min(0)
    .max(KEY_OVERLAP_SECONDS_MAX)
    .default(KEY_OVERLAP_SECONDS_DEFAULT)
    .describe("How long the former text of the key goes on working; 0 for not at all."),
});

export type Rotation = z.infer<typeof rotationSchema>;

export const apiKeySchema = z.object({
  object: z.literal("api_key"),
  id: z.string(),
  name: z.string().describe("For people: what uses the key."),
  scopes: z.array(z.enum(SCOPES)).describe("What the key may do."),
  organization_id: z
    .string()
    .nullable()
    .describe("The only organization that the key sees; null for all."),
  expires_at: z.iso.datetime().nullable().describe("When the key stops working; null for never."),
  last_used_at: z.iso.datetime().nullable().describe("To within ten minutes; null for never."),
  former_key_expires_at: z.iso
    .datetime()
    .nullable()
    .describe("When the last of its former texts stops working; null when none works any more."),
  created_at: z.iso.datetime(),
});

export type ApiKey = z.infer<typeof apiKeySchema>;

/** The answers to making and to rotating a key are the only ones that hold the key itself. */
export const newApiKeyAnswerSchema = apiKeySchema.extend({
  key: z.string().describe("The key itself. It is shown this once."),
});

export type NewApiKeyAnswer = z.infer<typeof newApiKeyAnswerSchema>;
