/** Whether one request may wake another: what passes between them, and how they wait, see `append-coalescer.ts`. */

interface Platform {
  readonly Cloudflare?: { readonly compatibilityFlags: Readonly<Record<string, boolean>> };
}

/** The platform then runs what follows in the context of the request that made the promise. Outside of it all is one. */
export function canWakeOthers(): boolean {
  const { Cloudflare } = globalThis as Platform;
  return (
    Cloudflare === undefined ||
    Cloudflare.compatibilityFlags["handle_cross_request_promise_resolution"] === true
  );
}
