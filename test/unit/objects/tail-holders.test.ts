import { expect, test } from "vitest";
import type { Credential } from "../../../src/objects/directory/directory-rpc.ts";
import { TailHolders } from "../../../src/objects/tenant/tail-holders.ts";

const KEY: Credential = { kind: "api_key", hash: "k" };
const SESSION: Credential = { kind: "portal_session", hash: "s" };

function makeHolders() {
  const state = { now: 0, isDown: false, ended: [] as string[], asked: [] as number[] };
  const holders = new TailHolders(
    () => state.now,
    async (credentials) => {
      state.asked.push(credentials.length);
      if (state.isDown) {
        throw new Error("down");
      }
      return state.ended;
    },
  );
  return { state, holders };
}

test("a confirmation counts for 30 seconds, and holds for all who have the same credential", async () => {
  const { state, holders } = makeHolders();
  expect(holders.mustConfirm(KEY)).toBe(true);
  await holders.confirm([KEY, KEY, SESSION]);
  expect(state.asked).toEqual([2]);
  state.now = 29_999;
  expect(holders.mustConfirm(KEY)).toBe(false);
  state.now = 30_000;
  expect(holders.mustConfirm(KEY)).toBe(true);
});

test("while the Directory is down, who was confirmed goes on for five minutes", async () => {
  const { state, holders } = makeHolders();
  await holders.confirm([KEY]);
  state.isDown = true;
  state.now = 5 * 60_000;
  expect(await holders.confirm([KEY])).toEqual(new Map([["k", "valid"]]));
  expect(holders.mustConfirm(KEY)).toBe(false);
  state.now += 2_000;
  expect(holders.mustConfirm(KEY)).toBe(true);
  expect(await holders.confirm([KEY])).toEqual(new Map([["k", "unknown"]]));
});

test("who was let in while the Directory is down is not let go for it", async () => {
  const { state, holders } = makeHolders();
  state.isDown = true;
  expect(await holders.confirm([KEY])).toEqual(new Map([["k", "valid"]]));
});

test("when credentials have changed, each is asked for again, and what has ended is told", async () => {
  const { state, holders } = makeHolders();
  await holders.confirm([KEY, SESSION]);
  holders.reset();
  expect(holders.mustConfirm(SESSION)).toBe(true);
  state.ended = ["s"];
  const states = await holders.confirm([KEY, SESSION]);
  expect(Object.fromEntries(states)).toEqual({ k: "valid", s: "ended" });
});
