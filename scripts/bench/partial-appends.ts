/**
 * Appends that go only a part of the way, on the real router. The difference of one to the next is what a part costs.
 *
 *     POST /bench/nothing                       a line is logged and an answer given, no more
 *     POST /bench/answered?<organization id>    the body is also read
 *     POST /bench/carried?<organization id>     the event is also carried to the object, with others, and not stored
 *     POST /bench/unchecked?<organization id>   it is also stored, but nobody asks who sends it or what is in it
 */
import { app, type BenchContext } from "rekishi/app";
import { AppendCoalescer } from "rekishi/append-coalescer";
import { type Answer, type Append, type Receipt, Tenant, type TenantObject } from "rekishi/tenant";

const FINGERPRINT_BYTES = 16;
const EVENT = '"event":';

const coalescer = new AppendCoalescer(Date.now);
const idleCoalescer = new AppendCoalescer(Date.now);

app.post("/bench/nothing", (context) => Promise.resolve(answerOf(context, { id: "none", seq: 0 })));

app.post("/bench/answered", async (context) => {
  const { length } = await bodyOf(context);
  return answerOf(context, { id: "none", seq: length });
});

app.post("/bench/carried", (context) => {
  const tenant = new IdleTenant(context.env["TENANT_LOG"], organizationOf(context), null);
  return append(context, idleCoalescer, tenant);
});

app.post("/bench/unchecked", (context) => {
  const tenant = new Tenant(context.env["TENANT_LOG"], organizationOf(context), null);
  return append(context, coalescer, tenant);
});

/** Its object is given the events and does nothing with them. */
class IdleTenant extends Tenant {
  override call<T>(ask: (object: TenantObject) => Promise<T>) {
    return super.call((object) =>
      ask({ event: (id) => object.event(id), append: (appends) => carry(object, appends) }),
    );
  }
}

async function carry(object: TenantObject, appends: readonly Append[]): Promise<readonly Answer[]> {
  await object.event(appends.flatMap(({ events }) => events).join());
  return appends.map(() => ({ ok: true, value: { receipts: [{ id: "none", seq: 0 }] } }));
}

async function append(
  context: BenchContext,
  line: AppendCoalescer,
  tenant: Tenant,
): Promise<Response> {
  const answer = await line.append(tenant, uncheckedAppend(await bodyOf(context)), (work) =>
    context.executionCtx.waitUntil(work),
  );
  return answerOf(context, answer.ok ? answer.value.receipts[0] : undefined);
}

function organizationOf(context: BenchContext): string {
  return context.req.raw.url.split("?")[1] ?? "";
}

async function bodyOf(context: BenchContext): Promise<string> {
  return new TextDecoder().decode(await context.req.raw.arrayBuffer());
}

/** The event as the load writes it, last in the body, which is valid but not canonical. */
function uncheckedAppend(body: string): Append {
  return {
    events: [body.slice(body.indexOf(EVENT) + EVENT.length, -1)],
    fingerprints: crypto.getRandomValues(new Uint8Array(FINGERPRINT_BYTES)),
    keyId: "bench",
  };
}

function answerOf(context: BenchContext, receipt: Receipt | undefined): Response {
  return receipt === undefined
    ? new Response("The event was not stored.", { status: 500 })
    : context.json({ success: true, id: receipt.id, seq: receipt.seq });
}
