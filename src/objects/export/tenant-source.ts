/** A log as an export reads it: over RPC, a new stub each time, because a stub stays broken after an exception. */
import { type Namespace, tenantLog } from "../../env.ts";
import type { LogSource } from "../../export/source.ts";
import type { ExportSpec } from "../../export/spec.ts";
import type { TenantRpc } from "../tenant/tenant-rpc.ts";

export function tenantSource(
  namespace: Namespace<TenantRpc>,
  { organizationId, region }: ExportSpec,
): LogSource {
  const object = () => tenantLog(namespace, organizationId, region);
  return {
    extents: (request) => object().sealedExtents(request),
    run: (request, filter) => object().encodedRun(request, filter),
  };
}
