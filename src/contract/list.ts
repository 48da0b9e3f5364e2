/** The envelope of every list, as WorkOS has it. */
import * as z from "zod";

const listMetadataSchema = z
  .object({
    before: z.string().nullable().describe("Send it as `before` for the page before this one."),
    after: z.string().nullable().describe("Send it as `after` for the page after this one."),
  })
  .meta({ id: "ListMetadata" });

export type ListMetadata = z.infer<typeof listMetadataSchema>;

export interface List<T> {
  readonly object: "list";
  readonly data: readonly T[];
  readonly list_metadata: ListMetadata;
}

/** The envelope around a resource, for the description of the API. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal("list"),
    data: z.array(item),
    list_metadata: listMetadataSchema,
  });
}

export type Order = "asc" | "desc";

export function list<T>(data: readonly T[], metadata: ListMetadata): List<T> {
  return { object: "list", data, list_metadata: metadata };
}
