/** `GET /health`: 200 when the router and the Directory answer. */
import { Hono } from "hono";
import { directory } from "../auth/access.ts";
import type { HttpEnv } from "../http.ts";

export const health = new Hono<HttpEnv>();

health.get("/", async (context) => {
  await directory(context).ping();
  return context.json({ status: "ok" });
});
