/** `GET /health`: 200 when the router and the Directory answer. */
import * as z from "zod";
import { ok } from "../../kernel/result.ts";
import { directory } from "../auth/access.ts";
import type { Route } from "../route.ts";

const healthSchema = z
  .object({ status: z.literal("ok").describe("The router and the Directory answer.") })
  .meta({ id: "Health" });

export const healthRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/health",
    summary: "Tell whether the service answers",
    scope: null,
    answer: { status: 200, schema: healthSchema, errors: [500, 502] },
    handle: async (context) => {
      await directory(context).ping();
      return ok(context.json({ status: "ok" } satisfies z.infer<typeof healthSchema>));
    },
  },
];
