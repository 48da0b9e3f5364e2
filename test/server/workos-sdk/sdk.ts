/** WorkOS's SDKs as an application has them, told to talk to a server under test. */
import { WorkOS as WorkOS11 } from "@workos-inc/node";
import { WorkOS as WorkOS8 } from "@workos-inc/node-8";

export { WorkOS11, WorkOS8 };

/** Every line of versions that is in use, and its client. */
export const VERSIONS = [
  ["11.0.0", WorkOS11],
  ["8.13.0", WorkOS8],
] as const;

/** The settings with which an SDK finds the server. */
export function target({ port }: { readonly port: number }): {
  apiHostname: string;
  port: number;
  https: false;
} {
  return { apiHostname: "127.0.0.1", port, https: false };
}

/** What a call that must fail throws. */
export function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error("The call was to fail and did not.");
    },
    (error: unknown) => error,
  );
}
