/** Every route of the API. One file of `routes/` per resource. */
import type { Route } from "./route.ts";
import { actionSchemaRoutes } from "./routes/action-schemas.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { eventRoutes } from "./routes/events.ts";
import { exportRoutes } from "./routes/exports.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { organizationRoutes } from "./routes/organizations.ts";
import { portalRoutes } from "./routes/portal.ts";
import { retentionRoutes } from "./routes/retention.ts";
import { sessionRoutes } from "./routes/session.ts";
import { tailRoutes } from "./routes/tail.ts";
import { tokenIssuerRoutes } from "./routes/token-issuers.ts";

/** Routes that are told of together. */
export interface RouteGroup {
  readonly name: string;
  /** Markdown. */
  readonly description: string;
  readonly routes: readonly Route[];
}

export const ROUTE_GROUPS: readonly RouteGroup[] = [
  {
    name: "Events",
    description: "Recording events, and finding them again. WorkOS has the first of these routes.",
    routes: eventRoutes,
  },
  {
    name: "Live tail",
    description: "Events as they come in, over a WebSocket, from any place of the log.",
    routes: tailRoutes,
  },
  {
    name: "Actions and schemas",
    description:
      "An action needs no schema. With one, its events must fit. Schemas hold for all organizations.",
    routes: actionSchemaRoutes,
  },
  {
    name: "Exports",
    description:
      "Files of an organization's events, of any size, made in the background. As with WorkOS, with more.",
    routes: exportRoutes,
  },
  {
    name: "Organizations",
    description: "An organization is a customer of yours. It has a log of its own.",
    routes: organizationRoutes,
  },
  {
    name: "Retention",
    description: "How long an organization's events are kept.",
    routes: retentionRoutes,
  },
  {
    name: "API keys",
    description: "Keys with scopes, of the whole environment or of one organization.",
    routes: apiKeyRoutes,
  },
  {
    name: "Token issuers",
    description: "Identity providers whose JWTs are accepted in place of a key.",
    routes: tokenIssuerRoutes,
  },
  {
    name: "Portal",
    description: "Links with which somebody sees one organization's log in a browser.",
    routes: portalRoutes,
  },
  { name: "Session", description: "Who calls.", routes: sessionRoutes },
  {
    name: "Health and metrics",
    description: "Whether the service answers, and what it has done.",
    routes: [...healthRoutes, ...metricsRoutes],
  },
];

export const ROUTES: readonly Route[] = ROUTE_GROUPS.flatMap(({ routes }) => routes);
