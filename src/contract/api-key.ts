/** API keys. WorkOS has no endpoint for them; these are in its style. */
import * as z from "zod";
import { SCOPES, type Scope } from "../kernel/scope.ts";
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

export interface ApiKey {
  readonly object: "api_key";
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly organization_id: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
}

/** The answer to making a key is the only one that holds the key itself. */
export interface NewApiKeyAnswer extends ApiKey {
  readonly key: string;
}
