/** Organizations, as WorkOS has them. */
import * as z from "zod";
import { recordSchema } from "./record.ts";

export const ORGANIZATION_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

const nameSchema = z.string().min(1).max(255);
const externalIdSchema = z.string().min(1).max(128);

/** The limits of WorkOS's organization metadata. */
const METADATA_VALUES_MAX = 50;
const METADATA_TEXT_MAX = 600;

const metadataSchema = recordSchema(
  {
    nameRule: /^.{1,40}$/su,
    nameMessage: "has a name that is not 1 to 40 characters long",
    namesMax: METADATA_VALUES_MAX,
    valueMessage: `must be a text of at most ${METADATA_TEXT_MAX} characters`,
  },
  (value): value is string => typeof value === "string" && value.length <= METADATA_TEXT_MAX,
);

export const newOrganizationSchema = z.object({
  /** An extension: WorkOS makes ids itself. Without it rekishi makes one. */
  id: z
    .string()
    .regex(ORGANIZATION_ID, {
      error: "must be 1 to 128 of the characters a-z, A-Z, 0-9, _, ., : and -",
    })
    .optional(),
  name: nameSchema,
  external_id: externalIdSchema.nullish(),
  metadata: metadataSchema.optional(),
});

export type NewOrganization = z.infer<typeof newOrganizationSchema>;

export interface Organization {
  readonly object: "organization";
  readonly id: string;
  readonly name: string;
  /** Always empty; WorkOS's SDKs need the list. */
  readonly domains: readonly never[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly external_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}
