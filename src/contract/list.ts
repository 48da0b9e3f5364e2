/** The envelope of every list, as WorkOS has it. */

export interface ListMetadata {
  readonly before: string | null;
  readonly after: string | null;
}

export interface List<T> {
  readonly object: "list";
  readonly data: readonly T[];
  readonly list_metadata: ListMetadata;
}

export type Order = "asc" | "desc";

export function list<T>(data: readonly T[], metadata: ListMetadata): List<T> {
  return { object: "list", data, list_metadata: metadata };
}
