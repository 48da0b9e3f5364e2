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

export const newTokenIssuerSchema = z
  .object({
    /** The `iss` of its tokens, character by character. */
    issuer: textSchema,
    jwks_uri: textSchema,
    /** One of these must be in the token's `aud`. */
    audience: z.union([textSchema, z.array(textSchema).min(1).max(LIST_MAX)]).nullish(),
    /** The token's `azp` must be one of these. */
    authorized_parties: z.array(textSchema).min(1).max(LIST_MAX).nullish(),
    /** Claims that a token must have on top of `sub` and `exp`. */
    required_claims: z.array(claimSchema).max(LIST_MAX).default([]),
    organization_claim: claimSchema,
    role_claim: claimSchema,
    /** What the identity provider calls a role, to what rekishi calls it. */
    role_map: roleMapSchema,
    /** Origins whose pages may call the API with its tokens, and show the log in a frame. */
    allowed_origins: z.array(originSchema).max(LIST_MAX).default([]),
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
  issuer: z.string(),
  jwks_uri: z.string(),
  audience: z.union([z.string(), z.array(z.string())]).nullable(),
  authorized_parties: z.array(z.string()).nullable(),
  required_claims: z.array(z.string()),
  organization_claim: z.string(),
  role_claim: z.string(),
  role_map: z.record(z.string(), z.enum(ROLES)),
  allowed_origins: z.array(z.string()),
  created_at: z.string(),
});

export type TokenIssuer = z.infer<typeof tokenIssuerSchema>;
