import { app, type BenchContext } from "rekishi/app";
/**
 * `POST /bench/unchecked?<organization id>`: an event goes the whole way of an append, on the real router, but nobody asks
 * who sends it or what is in it. The difference to a real append is what authentication and validation cost.
 */
import { AppendCoalescer } from "rekishi/append-coalescer";
import { Tenant } from "rekishi/tenant";

const FINGERPRINT_BYTES = 16;
const EVENT = '"event":';

const coalescer = new AppendCoalescer(Date.now);

app.post("/bench/unchecked", async (context) => {
  const organizationId = context.req.raw.url.split("?")[1] ?? "";
  const tenant = new Tenant(context.env["TENANT_LOG"], organizationId, null);
  const body = new TextDecoder().decode(await context.req.raw.arrayBuffer());
  const answer = await coalescer.append(tenant, uncheckedAppend(body), (work) =>
    context.executionCtx.waitUntil(work),
  );
  const receipt = answer.ok ? answer.value.receipts[0] : undefined;
  return answerOf(context, receipt);
});

/** The event as the load writes it, last in the body, which is valid but not canonical. */
function uncheckedAppend(body: string) {
  return {
    events: [body.slice(body.indexOf(EVENT) + EVENT.length, -1)],
    fingerprints: crypto.getRandomValues(new Uint8Array(FINGERPRINT_BYTES)),
    keyId: "bench",
  };
}

function answerOf(context: BenchContext, receipt: { id: string; seq: number } | undefined) {
  return receipt === undefined
    ? new Response("The event was not stored.", { status: 500 })
    : context.json({ success: true, id: receipt.id, seq: receipt.seq });
}
