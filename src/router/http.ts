/** What every route of the router shares: the type of its context. */
import type { Context } from "hono";
import type { Env } from "../env.ts";
import type { FailureCode } from "../kernel/failure.ts";

export interface HttpEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    /** For the request's log line. */
    failureCode?: FailureCode;
  };
}

export type HttpContext = Context<HttpEnv>;
