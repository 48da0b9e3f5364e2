/** The dashboard for the users of an identity provider, by their session tokens. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { accepted } from "../server/client.ts";
import { useServer } from "../server/server.ts";
import { makeEvent } from "../support/events.ts";
import { IdentityProvider, makeKey, type SigningKey } from "../support/identity-provider.ts";
import { inBrowser, open, row } from "./page.ts";

const server = useServer({ REKISHI_PRIVATE_ISSUERS: "true", REKISHI_LOG_LEVEL: "error" });

let key: SigningKey;
let provider: IdentityProvider;

beforeAll(async () => {
  key = await makeKey("RS256", "ins_1");
  provider = await IdentityProvider.start([key]);
  const root = server.client();
  accepted(
    await root.send("POST", "/token_issuers", {
      issuer: provider.issuer,
      jwks_uri: provider.jwksUri,
      authorized_parties: ["https://app.example.com"],
      organization_claim: "o.id",
      role_claim: "o.rol",
      role_map: { admin: "admin", member: "viewer" },
    }),
  );
  await root.store("org_one", makeEvent({ action: "of.one" }));
  await root.store("org_two", makeEvent({ action: "of.two" }));
});

afterAll(() => provider.stop());

function token(role: string, more: Record<string, unknown> = {}): Promise<string> {
  const o = { id: "org_one", rol: role };
  return provider.sign(key, { azp: "https://app.example.com", o, ...more });
}

async function signIn(jwt: string) {
  const page = await open({ url: server.url, isSignedIn: false, path: "/?last=all" });
  await page.getByLabel("API key").fill(jwt);
  await page.keyboard.press("Enter");
  return page;
}

inBrowser("a session token", () => {
  test("opens the log of its organization at once, live too, and shows what the role allows", async () => {
    const page = await signIn(await token("member"));
    await row(page, 0).getByText("of.one").waitFor();
    expect(page.url()).toContain("organization=org_one");
    expect(await page.locator(".views a").allInnerTexts()).toEqual(["Explore", "Live"]);
    await page.getByRole("link", { name: "Live" }).click();
    await page.locator(".live-state", { hasText: /^Live$/ }).waitFor();
    await server.client().store("org_one", makeEvent({ action: "while.live" }));
    await row(page, 0).getByText("while.live").waitFor();

    const admin = await signIn(await token("admin"));
    await row(admin, 0).waitFor();
    expect(await admin.locator(".views a").allInnerTexts()).toEqual([
      "Explore",
      "Live",
      "Exports",
      "Settings",
    ]);
  });

  test("that has ended leads back to the way in, which says so", async () => {
    const ended = Math.floor(Date.now() / 1_000) - 3_600;
    const page = await signIn(await token("member", { exp: ended }));
    await page.getByRole("alert").getByText("not valid").waitFor();

    await page.getByLabel("API key").fill(await token("member"));
    await page.keyboard.press("Enter");
    await row(page, 0).waitFor();
    // Later: the browser has the same session, and its token is one that has ended.
    const old = await token("member", { exp: ended });
    await page.evaluate((jwt) => {
      const session = JSON.parse(sessionStorage.getItem("rekishi.session") ?? "{}") as object;
      const credential = { kind: "bearer", token: jwt };
      sessionStorage.setItem("rekishi.session", JSON.stringify({ ...session, credential }));
    }, old);
    await page.reload();
    await page.getByText("You were signed out").waitFor();
    expect(await page.locator(".event-row").count()).toBe(0);
  });
});
