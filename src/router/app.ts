/**
 * The router: the stateless Worker in front of the objects. It authenticates, checks, asks one object and answers.
 *
 * It owns HTTP: routes, bodies, statuses, credentials. It keeps no state of record, and no header or byte of a client
 * reaches an object unless a route put it there. The wire is specified by `contract/`; the routes are a table, one file per resource.
 */
import { Hono } from "hono";
import { failure, type Failure } from "../kernel/failure.ts";
import { errorFacts, log } from "../observe/logger.ts";
import { isUnavailability } from "./ask.ts";
import { serveDashboard } from "./dashboard.ts";
import { failureResponse } from "./failure-response.ts";
import type { HttpEnv } from "./http.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { requestContext } from "./middleware/request-context.ts";
import { serveReference } from "./reference/serve.ts";
import { ROUTES } from "./route-table.ts";
import { methodsOf, serveRoutes } from "./route.ts";

const INTERNAL_ERROR: Failure = failure(
  "internal_error",
  "Something went wrong on our side. It is in the log under the request id.",
).failure;

/** What an object answers for itself is handled where it is asked, so this was the Directory. */
const DIRECTORY_UNAVAILABLE: Failure = {
  ...failure(
    "directory_unavailable",
    "Keys and organizations cannot be looked up right now. Send the same request again.",
  ).failure,
  retryAfterSeconds: 1,
};

export const app = new Hono<HttpEnv>();

app.use(requestContext());
app.use(crossOrigin());

serveRoutes(app, ROUTES);

serveReference(app);

serveDashboard(app);

app.notFound((context) => {
  const { method, path } = context.req;
  const methods = methodsOf(ROUTES, path);
  const hint = methods.length === 0 ? "" : ` This path has ${methods.join(", ")}.`;
  const message = `There is no '${method} ${path}'.${hint}`;
  return failureResponse(context, failure("not_found", message).failure);
});

app.onError((error, context) => {
  if (isUnavailability(error)) {
    log.error("object.call", "An object did not answer.", errorFacts(error));
    return failureResponse(context, DIRECTORY_UNAVAILABLE);
  }
  log.error("http.bug", "A request met a bug.", errorFacts(error));
  return failureResponse(context, INTERNAL_ERROR);
});
