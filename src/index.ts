/** The Worker: the router and the classes of the objects. No logic lives here. */
import { configureFromEnv, type Env } from "./env.ts";
import { app } from "./router/app.ts";

export { Directory } from "./objects/directory/directory.ts";
export { Export } from "./objects/export/export.ts";
export { TenantLog } from "./objects/tenant/tenant-log.ts";

export default {
  fetch(request: Request, env: Env, context: ExecutionContext) {
    configureFromEnv(env);
    return app.fetch(request, env, context);
  },
};
