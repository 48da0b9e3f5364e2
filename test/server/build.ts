/** Builds the dashboard and the bundle once, before any test starts a server with it. */
import { buildDashboard } from "../../scripts/dashboard/build.ts";
import { buildBundle } from "../../scripts/server/bundle.ts";

export async function setup(): Promise<void> {
  await buildDashboard(() => {});
  await buildBundle(() => {});
}
