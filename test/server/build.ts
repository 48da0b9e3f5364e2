/** Builds the bundle once, before any test starts a server with it. */
import { buildBundle } from "../../scripts/server/bundle.ts";

export async function setup(): Promise<void> {
  await buildBundle(() => {});
}
