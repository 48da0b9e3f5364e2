/** API keys. WorkOS has no endpoint for them; these are in its style. */
import * as z from "zod";
import { KEY_OVERLAP_SECONDS_DEFAULT, KEY_OVERLAP_SECONDS_MAX } from "../kernel/limits.ts";
import { SCOPES } from "../kernel/scope.ts";
import { timestampSchema } from "./event.ts";
import { ORGANIZATION_ID } from "./organization.ts";

export const newApiKeySchema = z.object({
  name: z.string().min(1).max(255),
  scopes: z.array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(", ")}` })).min(1),
  /** With it the key sees this organization only. */
  organization_id: z
    .string()
    .regex(ORGANIZATION_ID, { error: "must be the id of an organization" })
    .nullish(),
  expires_at: timestampSchema.nullish(),
});

export type NewApiKey = z.infer<typeof newApiKeySchema>;

/** What is asked of `POST /api_keys/{id}/rotate`. */
export const rotationSchema = z.object({
  /** How long the former key goes on working. */
  overlap_in_seconds: z
    .int()
    .min(0)
    .max(KEY_OVERLAP_SECONDS_MAX)
    .default(KEY_OVERLAP_SECONDS_DEFAULT),
});

export type Rotation = z.infer<typeof rotationSchema>;

export const apiKeySchema = z.object({
  object: z.literal("api_key"),
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  organization_id: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
  /** To within ten minutes; null for never. */
  last_used_at: z.iso.datetime().nullable(),
  /** When the last of its former keys stops working; null when none works any more. */
  former_key_expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

export type ApiKey = z.infer<typeof apiKeySchema>;

/** The answers to making and to rotating a key are the only ones that hold the key itself. */
export const newApiKeyAnswerSchema = apiKeySchema.extend({ key: z.string() });

export type NewApiKeyAnswer = z.infer<typeof newApiKeyAnswerSchema>;
