/** Organizations, as WorkOS has them. */
import * as z from "zod";
import { JURISDICTIONS, LOCATION_HINTS, REGIONS } from "../kernel/region.ts";
import { recordSchema } from "./record.ts";
import { ignoredSchema } from "./unknown-names.ts";

export const ORGANIZATION_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

const nameSchema = z.string().min(1).max(255).describe("What people call it.");
const externalIdSchema = z
  .string()
  .min(1)
  .max(128)
  .nullish()
  .describe("Its id in your own system, which no other organization has. Null removes it.");

/** The limits of WorkOS's organization metadata. */
export const METADATA_VALUES_MAX = 50;
const METADATA_TEXT_MAX = 600;

/** A value that is null removes its name; null in place of the object removes all. */
const metadataSchema = recordSchema(
  {
    nameRule: /^.{1,40}$/su,
    nameMessage: "has a name that is not 1 to 40 characters long",
    namesMax: METADATA_VALUES_MAX,
    valueMessage: `must be a text of at most ${METADATA_TEXT_MAX} characters, or null`,
    valueSchema: { type: ["string", "null"], maxLength: METADATA_TEXT_MAX },
  },
  (value): value is string | null =>
    value === null || (typeof value === "string" && value.length <= METADATA_TEXT_MAX),
);

const metadataFieldSchema = metadataSchema
  .nullish()
  .describe(
    "Texts by name. They are merged; null for a name removes it, null for all removes all.",
  );

export type MetadataChange = z.infer<typeof metadataSchema>;

/** WorkOS's SDKs send them, the older ones always, for single sign-on and billing: rekishi does neither. */
const IGNORED = {
  domains: ignoredSchema,
  domain_data: ignoredSchema,
  allow_profiles_outside_organization: ignoredSchema,
  stripe_customer_id: ignoredSchema,
};

export const newOrganizationSchema = z.strictObject({
  id: z
    .string()
    .regex(ORGANIZATION_ID, {
      error: "must be 1 to 128 of the characters a-z, A-Z, 0-9, _, ., : and -",
    })
    .optional()
    .describe("An extension: WorkOS makes ids itself. Without it rekishi makes one."),
  name: nameSchema,
  external_id: externalIdSchema,
  metadata: metadataFieldSchema,
  region: z
    .enum(REGIONS, {
      error: `must be a location hint (${LOCATION_HINTS.join(", ")}) or a jurisdiction (${JURISDICTIONS.join(", ")})`,
    })
    .nullish()
    .describe("An extension: where the organization's log is kept, on Cloudflare."),
  ...IGNORED,
});

export type NewOrganization = z.infer<typeof newOrganizationSchema>;

/** What is not there stays as it is. */
export const organizationChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  external_id: externalIdSchema,
  metadata: metadataFieldSchema,
  region: z
    .undefined({ error: "cannot be changed: where a log is kept is fixed when it is created" })
    .optional()
    .describe("Cannot be changed."),
  ...IGNORED,
});

export type OrganizationChange = z.infer<typeof organizationChangeSchema>;

export const organizationSchema = z
  .object({
    object: z.literal("organization"),
    id: z.string(),
    name: z.string().describe("What people call it."),
    domains: z.array(z.never()).describe("Always empty; WorkOS's SDKs need the list."),
    metadata: z.record(z.string(), z.string()).describe("Texts by name."),
    external_id: z.string().nullable().describe("Its id in your own system."),
    region: z
      .enum(REGIONS)
      .nullable()
      .describe("Where its log is kept, on Cloudflare; null for wherever the platform puts it."),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Organization" });

export type Organization = z.infer<typeof organizationSchema>;
