/** Who asks for a change and from where, for the event that rekishi records of it. */
import type { Caller, Visit } from "../../contract/own-event.ts";
import type { HttpContext } from "../http.ts";
import { clientAddress } from "./client-address.ts";
import type { Principal } from "./principal.ts";

const USER_AGENT_MAX = 500;

export function callerOf(context: HttpContext, { actor }: Principal): Caller {
  return { actor, ...visitOf(context) };
}

/** From where somebody comes of whom the Directory knows more than the router. */
export function visitOf(context: HttpContext): Visit {
  const userAgent = context.req.header("user-agent");
  return {
    context: {
      location: clientAddress(context) ?? "internal",
      ...(userAgent === undefined ? {} : { user_agent: userAgent.slice(0, USER_AGENT_MAX) }),
    },
    requestId: context.get("requestId"),
  };
}
