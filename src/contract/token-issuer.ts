/** Token issuers: the identity providers whose JWTs are accepted. WorkOS has no endpoint for them; these are in its style. */
import * as z from "zod";
import { URL_CHARACTERS_MAX } from "../kernel/limits.ts";
import { isOrigin } from "../kernel/origin.ts";
import { type Role, ROLES } from "../kernel/role.ts";
import { recordSchema } from "./record.ts";

const LIST_MAX = 50;

const textSchema = z.string().min(1).max(URL_CHARACTERS_MAX);
/** The name of a claim, or the way to it: `o.rol` is `rol` in `o`. A name may hold dots itself. */
const claimSchema = z.string().min(1).max(255);

const ROLE_TEXT = `must be one of ${ROLES.join(", ")}`;

const roleMapSchema = recordSchema(
  {
    nameRule: /^.{1,255}$/su,
    nameMessage: "has a name that is not 1 to 255 characters long",
    namesMax: LIST_MAX,
    valueMessage: ROLE_TEXT,
    valueSchema: { enum: [...ROLES] },
  },
  (value): value is Role => ROLES.some((role) => role === value),
);

const originSchema = textSchema.refine(isOrigin, {
  error: "must be an origin such as https://app.example.com",
});

const FIELDS = {
  issuer: "The `iss` of its tokens, character by character.",
  jwks_uri: "Where its public keys are: a JSON Web Key Set, by https.",
  audience: "One of these must be in the token's `aud`.",
  authorized_parties: "The token's `azp` must be one of these.",
  required_claims: "Claims that a token must have on top of `sub` and `exp`.",
  organization_claim:
    "The claim that holds the organization's id, or the way to it, such as `o.id`.",
  role_claim: "The claim that holds the role, or the way to it, such as `o.rol`.",
  role_map: "What the identity provider calls a role, to what rekishi calls it.",
  allowed_origins:
    "Origins whose pages may call the API with its tokens, and show the log in a frame.",
} as const;

export const newTokenIssuerSchema = z
  .strictObject({
    issuer: textSchema.describe(FIELDS.issuer),
    jwks_uri: textSchema.describe(FIELDS.jwks_uri),
    audience: z
      .union([textSchema, z.array(textSchema).min(1).max(LIST_MAX)], {
        error: `must be a text or a list of 1 to ${LIST_MAX} texts, none of them empty`,
      })
      .nullish()
      .describe(FIELDS.audience),
    authorized_parties: z
      .array(textSchema)
      .min(1)
      .max(LIST_MAX)
      .nullish()
      .describe(FIELDS.authorized_parties),
    required_claims: z
      .array(claimSchema)
      .max(LIST_MAX)
      .default([])
      .describe(FIELDS.required_claims),
    organization_claim: claimSchema.describe(FIELDS.organization_claim),
    role_claim: claimSchema.describe(FIELDS.role_claim),
    role_map: roleMapSchema.describe(FIELDS.role_map),
    allowed_origins: z
      .array(originSchema)
      .max(LIST_MAX)
      .default([])
      .describe(FIELDS.allowed_origins),
  })
  .refine(({ audience, authorized_parties }) => audience != null || authorized_parties != null, {
    path: ["audience"],
    error:
      "or 'authorized_parties' is required, or tokens that were made for other applications would be accepted",
  });

export type NewTokenIssuer = z.infer<typeof newTokenIssuerSchema>;

export const tokenIssuerSchema = z.object({
  object: z.literal("token_issuer"),
  id: z.string(),
  issuer: z.string().describe(FIELDS.issuer),
  jwks_uri: z.string().describe(FIELDS.jwks_uri),
  audience: z
    .union([z.string(), z.array(z.string())])
    .nullable()
    .describe(FIELDS.audience),
  authorized_parties: z.array(z.string()).nullable().describe(FIELDS.authorized_parties),
  required_claims: z.array(z.string()).describe(FIELDS.required_claims),
  organization_claim: z.string().describe(FIELDS.organization_claim),
  role_claim: z.string().describe(FIELDS.role_claim),
  role_map: z.record(z.string(), z.enum(ROLES)).describe(FIELDS.role_map),
  allowed_origins: z.array(z.string()).describe(FIELDS.allowed_origins),
  created_at: z.string(),
});

export type TokenIssuer = z.infer<typeof tokenIssuerSchema>;
