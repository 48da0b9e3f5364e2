/**
 * `npm run example:embed`: a product's settings page that shows an organization's log with `<rekishi-log>`. It is what a
 * product does: its server makes a portal link for each visit, with a key that never reaches the browser, and the page
 * puts the link into the element.
 *
 * The rekishi server must allow this page: REKISHI_ALLOWED_ORIGINS=http://127.0.0.1:8790 npm start
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { List } from "../src/contract/list.ts";
import type { Organization } from "../src/contract/organization.ts";
import { DemoError } from "./demo/demo-error.ts";
import { findServer, readJson, type Server } from "./demo/server.ts";

const HOST = "127.0.0.1";
const PORT = Number(process.env["EXAMPLE_PORT"] || "8790");
const ORIGIN = `http://${HOST}:${PORT}`;
const PAGE = readFileSync(join(import.meta.dirname, "embed-example/page.html"), "utf8");

async function main(): Promise<void> {
  const server = await findServer(process.env);
  await assertIsAllowed(server);
  const organizationId = process.env["EXAMPLE_ORGANIZATION"] || (await newestOrganization(server));
  createServer((request, response) => {
    void answer(server, organizationId, request, response);
  }).listen(PORT, HOST, () => {
    process.stdout.write(`A page that embeds the log of ${organizationId}: ${ORIGIN}\n`);
  });
}

async function answer(
  server: Server,
  organizationId: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const link = await makeLink(server, organizationId);
  const isLinkAlone = request.url === "/link";
  const type = isLinkAlone ? "text/plain" : "text/html; charset=utf-8";
  const page = PAGE.replaceAll("{{server}}", server.url.origin).replaceAll("{{link}}", link);
  response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" });
  response.end(isLinkAlone ? link : page);
}

async function makeLink(server: Server, organization: string): Promise<string> {
  const response = await fetch(new URL("/portal/generate_link", server.url), {
    method: "POST",
    headers: { authorization: `Bearer ${server.key}` },
    body: JSON.stringify({ organization, intent: "audit_logs", role: "auditor" }),
  });
  return ((await response.json()) as { link: string }).link;
}

async function assertIsAllowed(server: Server): Promise<void> {
  const page = await fetch(new URL("/embed", server.url));
  if (page.headers.get("content-security-policy")?.includes(ORIGIN) !== true) {
    throw new DemoError(
      `the server does not let ${ORIGIN} show the log. Start it with REKISHI_ALLOWED_ORIGINS=${ORIGIN} npm start.`,
    );
  }
}

async function newestOrganization(server: Server): Promise<string> {
  const { data } = await readJson<List<Organization>>(server, "/organizations?limit=1");
  const [organization] = data;
  if (organization === undefined) {
    throw new DemoError("there is no organization yet. Run 'npm run demo' first.");
  }
  return organization.id;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof DemoError)) {
    throw error;
  }
  process.stderr.write(`example: ${error.message}\n`);
  process.exitCode = 1;
}
