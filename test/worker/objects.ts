/** The objects of the Worker under test, to look inside them, wake their alarms and evict them. */
import { env } from "cloudflare:workers";
import type { Directory, Export, TenantLog } from "../../src/index.ts";

interface TestEnv {
  readonly TENANT_LOG: DurableObjectNamespace<TenantLog>;
  readonly DIRECTORY: DurableObjectNamespace<Directory>;
  readonly EXPORT: DurableObjectNamespace<Export>;
}

const { TENANT_LOG, DIRECTORY, EXPORT } = env as unknown as TestEnv;

export function tenantLog(organizationId: string): DurableObjectStub<TenantLog> {
  return TENANT_LOG.getByName(organizationId);
}

export function directory(): DurableObjectStub<Directory> {
  return DIRECTORY.getByName("directory");
}

export function exportObject(id: string): DurableObjectStub<Export> {
  return EXPORT.getByName(id);
}
