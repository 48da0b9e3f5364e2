/** Where an event has its values: those of one field, and all the texts that free words are searched in. */
import type { Metadata, Party, StoredEvent } from "../contract/event.ts";
import type { Field, NamedField } from "./query.ts";

export type FieldValue = string | number | boolean;
type ValueTest = (value: FieldValue) => boolean;
type SomeValue = (stored: StoredEvent, test: ValueTest) => boolean;

const ONE_VALUE: Record<
  Exclude<NamedField, `target.${string}`>,
  (stored: StoredEvent) => FieldValue | undefined
> = {
  id: (stored) => stored.id,
  seq: (stored) => stored.seq,
  ingested_at: (stored) => stored.ingested_at,
  action: ({ event }) => event.action,
  occurred_at: ({ event }) => event.occurred_at,
  version: ({ event }) => event.version,
  location: ({ event }) => event.context.location,
  user_agent: ({ event }) => event.context.user_agent,
  "actor.id": ({ event }) => event.actor.id,
  "actor.name": ({ event }) => event.actor.name,
  "actor.type": ({ event }) => event.actor.type,
};

const TARGET_VALUE: Record<
  Extract<NamedField, `target.${string}`>,
  (target: Party) => string | undefined
> = {
  "target.id": (target) => target.id,
  "target.name": (target) => target.name,
  "target.type": (target) => target.type,
};

/** Gives the question whether some value of the field passes a test. */
export function someFieldValue(field: Field): SomeValue {
  const metadata = metadataOf(field);
  if (metadata !== undefined) {
    return metadata;
  }
  const named = field as NamedField;
  if (isTargetField(named)) {
    const read = TARGET_VALUE[named];
    return ({ event }, test) => event.targets.some((target) => passes(read(target), test));
  }
  const read = ONE_VALUE[named];
  return (stored, test) => passes(read(stored), test);
}

function metadataOf(field: Field): SomeValue | undefined {
  const [, owner, name] = /^(|actor\.|target\.)metadata\.(.*)$/s.exec(field) ?? [];
  if (owner === undefined || name === undefined) {
    return undefined;
  }
  switch (owner) {
    case "":
      return ({ event }, test) => passes(valueOf(event.metadata, name), test);
    case "actor.":
      return ({ event }, test) => passes(valueOf(event.actor.metadata, name), test);
    default:
      return ({ event }, test) =>
        event.targets.some((target) => passes(valueOf(target.metadata, name), test));
  }
}

/** Own values only: `metadata.constructor` is there when the client sent it. */
function valueOf(metadata: Metadata | undefined, name: string): FieldValue | undefined {
  return metadata !== undefined && Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}

function isTargetField(field: NamedField): field is keyof typeof TARGET_VALUE {
  return field in TARGET_VALUE;
}

function passes(value: FieldValue | undefined, test: ValueTest): boolean {
  return value !== undefined && test(value);
}

type TextsTest = (stored: StoredEvent, test: (text: string) => boolean) => boolean;

/** Whether some text of the event passes a test: its action, parties, context and metadata values. */
export const someText: TextsTest = (stored, test) =>
  someKindText(stored, test) || someOtherText(stored, test);

/** The texts that say of what kind an event is: its action, and the types of its parties. They have few values. */
export const someKindText: TextsTest = ({ event }, test) =>
  test(event.action) || test(event.actor.type) || event.targets.some((target) => test(target.type));

/** All other texts. */
export const someOtherText: TextsTest = ({ event }, test) =>
  someOtherTextOfParty(event.actor, test) ||
  event.targets.some((target) => someOtherTextOfParty(target, test)) ||
  test(event.context.location) ||
  (event.context.user_agent !== undefined && test(event.context.user_agent)) ||
  someTextOfMetadata(event.metadata, test);

function someOtherTextOfParty(party: Party, test: (text: string) => boolean): boolean {
  return (
    test(party.id) ||
    (party.name !== undefined && test(party.name)) ||
    someTextOfMetadata(party.metadata, test)
  );
}

function someTextOfMetadata(
  metadata: Metadata | undefined,
  test: (text: string) => boolean,
): boolean {
  return metadata !== undefined && Object.values(metadata).some((value) => test(String(value)));
}
