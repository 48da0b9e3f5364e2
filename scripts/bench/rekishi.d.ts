/**
 * What the bench Worker sees of `src/index.ts`, which the bundler puts in place of the module name `rekishi`. Its real
 * types need those of the Workers platform, and scripts are checked with the types of Node.
 */
declare module "rekishi" {
  interface FetchHandler {
    fetch(request: Request, env: unknown, context: unknown): Response | Promise<Response>;
  }
  const worker: FetchHandler;
  export default worker;
  export const TenantLog: unknown;
  export const Directory: unknown;
  export const Export: unknown;
}
