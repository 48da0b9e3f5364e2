/**
 * The Worker that benchmarks serve: the real one, and routes to compare it with that are never deployed.
 *
 *     GET /bench/noop                      an answer from the router's isolate, nothing else
 *     GET /bench/rpc?<organization id>     one empty RPC to the organization's object
 *     PUT /bench/carry?<organization id>   one RPC that carries the body to the object, which does nothing with it
 *     POST /bench/answered, carried, unchecked ?<organization id>   an append that goes a part of the way (partial-appends.ts)
 *     PUT /bench/object?<name>             a command to the object in which layouts are compared (engine/bench-object.ts)
 */
import "./partial-appends.ts";
import worker, { Directory, Export, TenantLog } from "rekishi";

export { BenchObject } from "./engine/bench-object.ts";
export { Directory, Export, TenantLog };

interface BenchEnv {
  readonly TENANT_LOG: { getByName(name: string): BenchRpc };
  readonly BENCH_OBJECT: {
    getByName(name: string): { fetch(request: Request): Promise<Response> };
  };
}

/** Methods of the real object that touch no storage. */
interface BenchRpc {
  retentionDays(): Promise<number>;
  /** Null at once for a text that is no event id. */
  event(id: string): Promise<string | null>;
}

const NOOP = "/bench/noop";

export default {
  fetch(request: Request, env: BenchEnv, context: unknown): Response | Promise<Response> {
    // What is measured of the real Worker is a POST, which passes with this one comparison.
    if (request.method === "POST") {
      return worker.fetch(request, env, context);
    }
    const { url } = request;
    if (url.endsWith(NOOP)) {
      return new Response("ok");
    }
    const [path = "", organizationId = ""] = url.split("?");
    if (path.endsWith("/bench/object")) {
      return env.BENCH_OBJECT.getByName(organizationId).fetch(request);
    }
    if (path.endsWith("/bench/rpc")) {
      return emptyRpc(env.TENANT_LOG.getByName(organizationId));
    }
    return path.endsWith("/bench/carry")
      ? carryingRpc(request, env.TENANT_LOG.getByName(organizationId))
      : worker.fetch(request, env, context);
  },
};

async function emptyRpc(object: BenchRpc): Promise<Response> {
  return new Response(String(await object.retentionDays()));
}

async function carryingRpc(request: Request, object: BenchRpc): Promise<Response> {
  return new Response(String(await object.event(await request.text())));
}
