/** `GET /health`: 200 when the router and the Directory answer. */
import { ok } from "../../kernel/result.ts";
import { directory } from "../auth/access.ts";
import type { Route } from "../route.ts";

export const healthRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/health",
    summary: "Tell whether the service answers",
    scope: null,
    answer: { status: 200 },
    handle: async (context) => {
      await directory(context).ping();
      return ok(context.json({ status: "ok" }));
    },
  },
];
