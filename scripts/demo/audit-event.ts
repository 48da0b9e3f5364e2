/**
 * Turns one GitHub webhook delivery into one audit event. It is a pure function of the delivery: every value of the
 * event stands in the payload, and what the payload does not say, such as an IP address, the event does not have.
 */
import { METADATA_FIELDS, TARGET_FIELDS, type TargetField } from "./payload-fields.ts";
import { type Delivery, firstScalar, type Payload, valueAt } from "./payloads.ts";

export type Metadata = Record<string, string | number | boolean>;

export interface Party {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
}

/** An audit event that has no time yet, in the form that the SDK takes. */
export interface UntimedEvent {
  readonly action: string;
  readonly actor: Party;
  readonly targets: Party[];
  readonly context: { readonly location: string };
  readonly metadata: Metadata;
}

/** The contract's limits on one event. */
const TARGETS_MAX = 50;
const METADATA_TEXT_MAX = 500;
const METADATA_NAME = /^[a-zA-Z0-9_-]{0,40}$/;

/** The audit event of a delivery, or undefined if the payload does not say who did it. */
export function auditEvent({ webhook, payload }: Delivery): UntimedEvent | undefined {
  const actor = actorOf(payload);
  return (
    actor && {
      action: [webhook, firstScalar(payload, ["action"])].filter(Boolean).join("."),
      actor,
      targets: targetsOf(webhook, payload),
      context: { location: locationOf(payload) },
      metadata: metadataOf(payload),
    }
  );
}

function actorOf(payload: Payload): Party | undefined {
  const id = firstScalar(payload, ["sender.id"]);
  const type = firstScalar(payload, ["sender.type"]);
  if (id === undefined || type === undefined) {
    return undefined;
  }
  return { id: String(id), type: String(type).toLowerCase(), ...named(payload, ["sender.login"]) };
}

function targetsOf(webhook: string, payload: Payload): Party[] {
  const targets = TARGET_FIELDS.filter(
    ({ webhooks }) => webhooks === undefined || webhooks.includes(webhook),
  ).flatMap((field) => partiesOf(payload, field));
  return targets.slice(0, TARGETS_MAX);
}

function partiesOf(payload: Payload, { type, path, ids, names }: TargetField): Party[] {
  const objects = [valueAt(payload, path ?? type)].flat();
  return objects.flatMap((object) => {
    const id = firstScalar(object, ids ?? ["id"]);
    return id === undefined ? [] : [{ id: String(id), type, ...named(object, names ?? []) }];
  });
}

function named(object: unknown, paths: readonly string[]): { name?: string } {
  const name = firstScalar(object, paths);
  return name === undefined ? {} : { name: String(name) };
}

/** The host that the payload's own links point to: the service on which it happened. */
function locationOf(payload: Payload): string {
  const link = firstScalar(payload, ["repository.html_url", "sender.html_url"]);
  return URL.parse(String(link))?.host ?? "";
}

function metadataOf(payload: Payload): Metadata {
  const metadata: Metadata = {};
  for (const [name, paths] of Object.entries(METADATA_FIELDS)) {
    addMetadata(metadata, name, firstScalar(payload, paths));
  }
  for (const name of Object.keys(valueAt(payload, "changes") ?? {})) {
    addMetadata(metadata, `${name}_from`, firstScalar(payload, [`changes.${name}.from`]));
  }
  return metadata;
}

/** What the contract does not allow is left out, because half of a value is not what the payload said. */
function addMetadata(
  metadata: Metadata,
  name: string,
  value: string | number | boolean | undefined,
): void {
  const isTooLong = typeof value === "string" && value.length > METADATA_TEXT_MAX;
  if (value !== undefined && !isTooLong && METADATA_NAME.test(name)) {
    metadata[name] = value;
  }
}
