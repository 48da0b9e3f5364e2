/** The description of the API, as the server itself gives it out. */
import { expect, test } from "vitest";
import { useServer } from "./server.ts";

const server = useServer({ REKISHI_PUBLIC_URL: "https://audit.example.com" });

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers });

test("everybody reads the OpenAPI document, without a key", async () => {
  const answer = await get("/openapi.json");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.json()).toMatchObject({ openapi: "3.1.1", info: { title: "rekishi" } });
});

test("the reference page may run no script, and shows where this server is", async () => {
  const answer = await get("/docs");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("script-src");
  const page = await answer.text();
  expect(page).toContain("REKISHI=https://audit.example.com");
  const [, style = ""] = /<link rel="stylesheet" href="([^"]+)"/.exec(page) ?? [];
  const styles = await get(style);
  expect(styles.headers.get("content-type")).toBe("text/css; charset=utf-8");
  expect(await styles.text()).toContain("prefers-color-scheme: dark");
});

test("a browser that has the page is not sent it again", async () => {
  const etag = (await get("/docs")).headers.get("etag") ?? "";
  expect((await get("/docs", { "if-none-match": etag })).status).toBe(304);
});
