/** How the dashboard is served: what the browser is told to enforce, and what it may keep. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import {
  DASHBOARD_FOLDER,
  type DashboardFiles,
  FIRST_LOAD_BYTES_MAX,
} from "../../scripts/dashboard/build.ts";

const files = JSON.parse(
  readFileSync(join(DASHBOARD_FOLDER, "manifest.json"), "utf8"),
) as DashboardFiles;

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(inject("serverUrl") + path, { headers });
}

test("the page allows scripts and styles of this server only, and no frame around it", async () => {
  const page = await get("/");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(await page.text()).not.toMatch(/<script(?![^>]* src=)|<style|https?:\/\//);
});

test("every view is the same page, and it is asked for again each time", async () => {
  const first = await get("/");
  const etag = first.headers.get("etag") ?? "";
  expect(first.headers.get("cache-control")).toBe("no-cache");
  expect(await (await get("/live")).text()).toBe(await first.text());
  const again = await get("/live", { "if-none-match": etag });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe("");
});

test("scripts and styles may be kept for ever, because their names change with what is in them", async () => {
  const names = [...files.scripts, files.style, files.icon];
  const types = await Promise.all(
    names.map(async (name) => {
      const file = await get(`/assets/${name}`);
      expect(file.status, name).toBe(200);
      expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(file.headers.get("x-content-type-options")).toBe("nosniff");
      await file.arrayBuffer();
      return file.headers.get("content-type");
    }),
  );
  expect(new Set(types)).toEqual(
    new Set(["text/javascript; charset=utf-8", "text/css; charset=utf-8", "image/svg+xml"]),
  );
});

test("files are sent compressed to who can read that", async () => {
  const path = `/assets/${files.scripts[0]}`;
  const [plain, compressed] = await Promise.all([
    get(path, { "accept-encoding": "identity" }),
    get(path, { "accept-encoding": "gzip" }),
  ]);
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(compressed.headers.get("content-encoding")).toBe("gzip");
  expect(await compressed.text()).toBe(await plain.text());
});

test.each([
  "/assets/",
  "/assets/nothing-AAAAAAAA.js",
  "/assets/..%2Fmanifest.json",
  "/manifest.json",
  "/index.html",
  "/assets/%2e%2e/index.html",
])("%s is not there", async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "not_found" });
});

test("the first load is at most 60 KB", () => {
  expect(files.firstLoadBytes).toBeGreaterThan(10_000);
  expect(files.firstLoadBytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES_MAX);
});
