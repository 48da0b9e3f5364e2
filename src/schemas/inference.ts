/**
 * Proposes a schema from events that were seen, so that an action can be open at first and locked later.
 *
 * The proposal fits every event that it was inferred from: a name is required when it was always there, it may have
 * the types that it had, and a type of target may be missing when it was missing once. It says nothing that a few
 * events cannot know, such as ranges, lengths or that no other name will come.
 */
import type { ActionSchemaRules, MetadataSchema } from "../contract/action-schema.ts";
import type { AuditEvent, Metadata } from "../contract/event.ts";

/** Names beyond these are left out, the rarest first: they are data rather than a shape. */
const NAMES_MAX = 50;
const TARGET_TYPES_MAX = 50;

/** @param events at least one, all of the same action. */
export function inferRules(events: readonly AuditEvent[]): ActionSchemaRules {
  const actor = new Shape();
  const metadata = new Shape();
  const targets = new Map<string, { readonly shape: Shape; events: number }>();
  for (const event of events) {
    actor.add(event.actor.metadata);
    metadata.add(event.metadata);
    for (const { type, metadata: own } of event.targets) {
      const target = targets.get(type) ?? { shape: new Shape(), events: 0 };
      targets.set(type, target);
      target.shape.add(own);
    }
    for (const type of new Set(event.targets.map((target) => target.type))) {
      const target = targets.get(type);
      if (target !== undefined) {
        target.events++;
      }
    }
  }
  const byFrequency = [...targets].sort(([, a], [, b]) => b.events - a.events);
  return {
    actor: { metadata: actor.schema() },
    targets: byFrequency.slice(0, TARGET_TYPES_MAX).map(([type, target]) => ({
      type,
      metadata: target.shape.schema(),
      ...(target.events === events.length ? {} : { required: false }),
    })),
    metadata: metadata.schema(),
  };
}

/** The names and types of some metadata objects. */
class Shape {
  #objects = 0;
  readonly #names = new Map<string, { readonly types: Set<string>; count: number }>();

  add(metadata: Metadata = {}): void {
    this.#objects++;
    for (const [name, value] of Object.entries(metadata)) {
      const seen = this.#names.get(name) ?? { types: new Set(), count: 0 };
      this.#names.set(name, seen);
      seen.types.add(typeof value);
      seen.count++;
    }
  }

  schema(): MetadataSchema {
    const byFrequency = [...this.#names].sort(([, a], [, b]) => b.count - a.count);
    const names = byFrequency.slice(0, NAMES_MAX);
    const required = names.filter(([, { count }]) => count === this.#objects);
    return {
      type: "object",
      properties: Object.fromEntries(names.map(([name, { types }]) => [name, typeRule(types)])),
      ...(required.length === 0 ? {} : { required: required.map(([name]) => name) }),
    };
  }
}

function typeRule(types: ReadonlySet<string>): { readonly type: string | readonly string[] } {
  const [first = "string", ...more] = types;
  return { type: more.length === 0 ? first : [first, ...more] };
}
