import { expect, test } from "vitest";
import type {
  DirectoryRpc,
  KeyHolder,
  PortalSession,
} from "../../../src/objects/directory/directory-rpc.ts";
import { DirectoryCache } from "../../../src/router/auth/directory-cache.ts";

const HOLDER: KeyHolder = {
  keyId: "k",
  name: "backend",
  scopes: ["events:write"],
  organizationId: null,
  expiresAt: null,
};

/** A Directory at the end of an RPC: it counts calls and can be down. */
function makeDirectory() {
  const state = { calls: 0, isDown: false, holder: HOLDER as KeyHolder | null };
  const authenticate = () => {
    state.calls++;
    return state.isDown ? Promise.reject(new Error("down")) : Promise.resolve(state.holder);
  };
  return { state, rpc: { authenticate } as unknown as DirectoryRpc };
}

test("a key is looked up once in 30 seconds, and a revoked one stops working after them", async () => {
  let now = 0;
  const cache = new DirectoryCache(() => now);
  const { state, rpc } = makeDirectory();
  expect(await cache.keyHolder(() => rpc, "h")).toEqual(HOLDER);
  state.holder = null;
  now = 29_999;
  expect(await cache.keyHolder(() => rpc, "h")).toEqual(HOLDER);
  expect(state.calls).toBe(1);
  now = 30_000;
  expect(await cache.keyHolder(() => rpc, "h")).toBeNull();
});

test("an unknown key is looked up once in 30 seconds too", async () => {
  const cache = new DirectoryCache(() => 0);
  const { state, rpc } = makeDirectory();
  state.holder = null;
  await cache.keyHolder(() => rpc, "h");
  await cache.keyHolder(() => rpc, "h");
  expect(state.calls).toBe(1);
});

test("keys seen in the last five minutes go on working while the Directory is down", async () => {
  let now = 0;
  const cache = new DirectoryCache(() => now);
  const { state, rpc } = makeDirectory();
  await cache.keyHolder(() => rpc, "h");
  state.isDown = true;
  now = 5 * 60_000;
  expect(await cache.keyHolder(() => rpc, "h")).toEqual(HOLDER);
  now++;
  await expect(cache.keyHolder(() => rpc, "h")).rejects.toThrow("down");
  await expect(cache.keyHolder(() => rpc, "never seen")).rejects.toThrow("down");
});

test("a cached key stops at its expiry, not at the next look-up", async () => {
  let now = 0;
  const cache = new DirectoryCache(() => now);
  const { state, rpc } = makeDirectory();
  state.holder = { ...HOLDER, expiresAt: 1_000 };
  expect(await cache.keyHolder(() => rpc, "h")).not.toBeNull();
  now = 1_000;
  expect(await cache.keyHolder(() => rpc, "h")).toBeNull();
});

test("a portal session is looked up once in 30 seconds, and a logout is known here at once", async () => {
  let now = 0;
  let calls = 0;
  let session: Partial<PortalSession> | null = { expiresAt: 60_000 };
  const portalSession = () => Promise.resolve((calls++, session));
  const rpc = { portalSession } as unknown as DirectoryRpc;
  const cache = new DirectoryCache(() => now);
  for (now = 0; now < 30_000; now += 5_000) {
    expect(await cache.portalSession(() => rpc, "t")).toEqual(session);
  }
  expect(calls).toBe(1);
  expect(await cache.portalSession(() => rpc, "t")).not.toBeNull();
  expect(calls).toBe(2);
  session = null;
  cache.forgetPortalSession("t");
  expect(await cache.portalSession(() => rpc, "t")).toBeNull();
});

test("token issuers are asked for once in 30 seconds, also when there are none", async () => {
  let now = 0;
  let calls = 0;
  const allTokenIssuers = () => Promise.resolve((calls++, []));
  const rpc = { allTokenIssuers } as unknown as DirectoryRpc;
  const cache = new DirectoryCache(() => now);
  for (now = 0; now < 30_000; now += 5_000) {
    expect(await cache.tokenIssuers(() => rpc)).toEqual([]);
  }
  expect(calls).toBe(1);
  cache.forgetTokenIssuers();
  await cache.tokenIssuers(() => rpc);
  expect(calls).toBe(2);
});
