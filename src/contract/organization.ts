/** Organizations, as WorkOS has them. */
import * as z from "zod";

export const ORGANIZATION_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

const nameSchema = z.string().min(1).max(255);
const externalIdSchema = z.string().min(1).max(128);

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
  metadata: z.record(z.string().max(40), z.string().max(600)).optional(),
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
