/** The description of the API, as the server itself gives it out. */
import { execFileSync } from "node:child_process";
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

test("every curl example does what it says when it is pasted, or finds that there is no such thing yet", async () => {
  const page = await (await get("/docs")).text();
  const samples = Array.from(
    page.matchAll(/<pre><code>(curl .*?)<\/code><\/pre>/gs),
    ([, text = ""]) =>
      text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&"),
  );
  expect(samples.length).toBeGreaterThan(25);
  // Without `set -e`: what one example deletes, the next may miss.
  const script = samples
    .map((sample) => `${sample} -s -o /dev/null -w '%{http_code}\n'`)
    .join("\n");
  const env = { ...process.env, REKISHI: server.url, KEY: server.rootKey };
  const statuses = execFileSync("bash", ["-c", script], { env, encoding: "utf8" })
    .trim()
    .split("\n");
  const refused = samples
    .map((sample, index) => `${statuses[index]} ${sample}`)
    .filter((line) => !/^(20[0124]|404) /.test(line));
  expect(refused).toEqual([]);
  expect(statuses.filter((status) => status === "404").length).toBeLessThan(15);
});
