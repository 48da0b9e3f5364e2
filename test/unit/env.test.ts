import { expect, test } from "vitest";
import { hasRegion, type Namespace, type Stub, tenantLog } from "../../src/env.ts";
import type { Jurisdiction, LocationHint } from "../../src/kernel/region.ts";
import type { TenantRpc } from "../../src/objects/tenant/tenant-rpc.ts";

/** The platform's namespace: each object says where it was asked for. */
function namespace(jurisdictions: boolean, within?: Jurisdiction): Namespace<TenantRpc> {
  return {
    getByName: (name: string, options?: { locationHint?: LocationHint }) =>
      ({ name, within, ...options }) as unknown as Stub<TenantRpc>,
    jurisdiction: (name) => {
      if (!jurisdictions) {
        throw new Error("Jurisdiction restrictions are not implemented in workerd.");
      }
      return namespace(true, name);
    },
  };
}

test("a log is asked for where the region of its organization says", () => {
  const cloudflare = namespace(true);
  expect(tenantLog(cloudflare, "org_1", null)).toEqual({ name: "org_1" });
  expect(tenantLog(cloudflare, "org_1", "apac-ne")).toEqual({
    name: "org_1",
    locationHint: "apac-ne",
  });
  expect(tenantLog(cloudflare, "org_1", "eu")).toEqual({ name: "org_1", within: "eu" });
});

test("a jurisdiction is there on Cloudflare alone, a hint is understood everywhere", () => {
  expect(hasRegion(namespace(true), "eu")).toBe(true);
  expect(hasRegion(namespace(false), "eu")).toBe(false);
  expect(hasRegion(namespace(false), "weur")).toBe(true);
});
