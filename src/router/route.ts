/**
 * A route is a row of a table: where it is, who may call it, what it takes and gives, and what it does.
 *
 * The router serves the table (`app.ts`), the OpenAPI document describes it, and the authorization tests try every row
 * of it with every kind of credential; so a route cannot be added without saying who may call it.
 */
import type { Hono } from "hono";
import type * as z from "zod";
import type { Result } from "../kernel/result.ts";
import type { Scope } from "../kernel/scope.ts";
import { admit, type Principal } from "./auth/access.ts";
import { failureResponse } from "./failure-response.ts";
import type { HttpContext, HttpEnv } from "./http.ts";

interface Description {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As OpenAPI writes it: `/organizations/{id}`. */
  readonly path: string;
  /** One line, as an order: "Create an organization". */
  readonly summary: string;
  /** More than the summary, where there is more to know. Markdown. */
  readonly description?: string;
  /** What the handler reads from the query string, the headers and the body, for the document. */
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: {
    readonly status: number;
    /** Of a JSON body; none for an answer without one. */
    readonly schema?: z.ZodType;
    /** Of a body that is a file and not an answer of the API. */
    readonly mediaTypes?: readonly string[];
    /** The statuses of its errors, where they are fewer than usual. */
    readonly errors?: readonly number[];
  };
}

/** A route for callers with a credential that has the scope, or one of the scopes. */
interface GuardedRoute extends Description {
  readonly scope: Scope | readonly Scope[];
  readonly handle: (context: HttpContext, principal: Principal) => Promise<Result<Response>>;
}

/** A route without a scope: for everybody, or the handler itself finds out who calls. */
interface OpenRoute extends Description {
  readonly scope: null;
  readonly handle: (context: HttpContext) => Promise<Result<Response>>;
}

export type Route = GuardedRoute | OpenRoute;

export function serveRoutes(app: Hono<HttpEnv>, routes: readonly Route[]): void {
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ":$1");
    app.on(route.method.toUpperCase(), path, async (context) => {
      const answer = await answerOf(route, context);
      return answer.ok ? answer.value : failureResponse(context, answer.failure);
    });
  }
}

async function answerOf(route: Route, context: HttpContext): Promise<Result<Response>> {
  if (route.scope === null) {
    return route.handle(context);
  }
  const principal = await admit(context, route.scope);
  return principal.ok ? route.handle(context, principal.value) : principal;
}

/** The methods that a path has, in capitals; none for a path that is unknown. */
export function methodsOf(routes: readonly Route[], path: string): string[] {
  return routes
    .filter((route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path))
    .map(({ method }) => method.toUpperCase());
}
