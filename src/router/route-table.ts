/** Every route of the API. One file of `routes/` per resource. */
import type { Route } from "./route.ts";
import { actionSchemaRoutes } from "./routes/action-schemas.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { eventRoutes } from "./routes/events.ts";
import { exportRoutes } from "./routes/exports.ts";
import { healthRoutes } from "./routes/health.ts";
import { organizationRoutes } from "./routes/organizations.ts";
import { portalRoutes } from "./routes/portal.ts";
import { retentionRoutes } from "./routes/retention.ts";
import { sessionRoutes } from "./routes/session.ts";
import { tailRoutes } from "./routes/tail.ts";
import { tokenIssuerRoutes } from "./routes/token-issuers.ts";

export const ROUTES: readonly Route[] = [
  ...eventRoutes,
  ...tailRoutes,
  ...actionSchemaRoutes,
  ...exportRoutes,
  ...organizationRoutes,
  ...retentionRoutes,
  ...apiKeyRoutes,
  ...tokenIssuerRoutes,
  ...portalRoutes,
  ...sessionRoutes,
  ...healthRoutes,
];
