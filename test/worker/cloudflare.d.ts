/** Tells the types of `cloudflare:workers` which Worker the tests run in. */
import type * as worker from "../../src/index.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof worker;
      durableNamespaces: "TenantLog" | "Directory" | "Export";
    }
  }
}
