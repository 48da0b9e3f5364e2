/**
 * The environment's action schemas as this isolate knows them, and the check of new events against them.
 *
 * Which versions there are is asked at most once in 30 seconds; a version never changes, so its rules are asked for
 * once. An event of an action without a schema costs one look-up in a map. A schema added elsewhere binds within 30
 * seconds; an event that would be refused for a schema that is not known here is worth asking at once.
 */
import type { NewEvent } from "../contract/append.ts";
import { failureOf } from "../contract/field-errors.ts";
import { type Clock, systemClock } from "../kernel/clock.ts";
import type { Failure, FieldError } from "../kernel/failure.ts";
import { DIRECTORY_CACHE_MS, FIELD_ERRORS_MAX } from "../kernel/limits.ts";
import type { DirectoryRpc, SchemaName } from "../objects/directory/directory-rpc.ts";
import { type SchemaCheck, schemaCheck } from "../schemas/conformance.ts";
import { Remembered } from "./auth/remembered.ts";

/** How old the answer may be by which an event is refused. */
const REFUSAL_AGE_MS = 1_000;
/** Characters of schemas, as JSON, that are kept ready. */
const CHECKS_CHARACTERS_MAX = 8 * 1024 * 1024;
/** Schemas asked for at once: an answer stays far below what an RPC can carry. */
const SCHEMAS_AT_ONCE = 50;
const INDEX = "index";

interface Index {
  readonly revision: number;
  /** The newest version of each action. */
  readonly newest: ReadonlyMap<string, number>;
}

interface Question {
  readonly directory: () => DirectoryRpc;
  readonly events: readonly NewEvent[];
  /** Where an event stands in the request. */
  readonly pathOf: (index: number) => string;
  /** Every action must have a schema. */
  readonly isStrict: boolean;
}

/** What the index says of the events: which checks are to be made, and what is wrong already. */
interface Plan {
  readonly checks: readonly { readonly index: number; readonly schema: SchemaName }[];
  readonly errors: readonly FieldError[];
}

export class SchemaRegistry {
  readonly #index: Remembered<Index>;
  readonly #checks = new Map<string, { readonly check: SchemaCheck; readonly size: number }>();
  #checksSize = 0;

  constructor(clock: Clock) {
    this.#index = new Remembered(clock);
  }

  /** Why the events are refused, if they are: the first faults, each with its field. */
  async refusalOf(question: Question): Promise<Failure | undefined> {
    const plan = await this.#plan(question);
    if (plan.checks.length === 0 && plan.errors.length === 0) {
      return undefined;
    }
    const errors = [...plan.errors];
    const checks = await this.#checksOf(
      question.directory,
      plan.checks.map(({ schema }) => schema),
    );
    for (const { index, schema } of plan.checks) {
      const event = question.events[index]?.event;
      if (event !== undefined && errors.length < FIELD_ERRORS_MAX) {
        errors.push(...(checks.get(nameOf(schema))?.errors(event, question.pathOf(index)) ?? []));
      }
    }
    return errors.length === 0
      ? undefined
      : failureOf("invalid_audit_log_event", errors.slice(0, FIELD_ERRORS_MAX));
  }

  /** The newest version of each action that has a schema. */
  async newestVersions(directory: () => DirectoryRpc): Promise<ReadonlyMap<string, number>> {
    return (await this.#indexOf(directory, DIRECTORY_CACHE_MS)).newest;
  }

  /** A schema was added through this isolate, so it binds here at once. */
  changed(): void {
    this.#index.forget(INDEX);
  }

  async #plan(question: Question): Promise<Plan> {
    const plan = planOf(question, await this.#indexOf(question.directory, DIRECTORY_CACHE_MS));
    return plan.errors.length === 0
      ? plan
      : planOf(question, await this.#indexOf(question.directory, REFUSAL_AGE_MS));
  }

  async #indexOf(directory: () => DirectoryRpc, maxAgeMs: number): Promise<Index> {
    const ask = async (known: Index = { revision: 0, newest: new Map() }) => {
      const changed = await directory().schemaIndex(known.revision);
      return changed === null
        ? known
        : { revision: changed.revision, newest: new Map(changed.newest) };
    };
    return (await this.#index.get(INDEX, { ask, maxAgeMs })) ?? ask();
  }

  async #checksOf(
    directory: () => DirectoryRpc,
    schemas: readonly SchemaName[],
  ): Promise<ReadonlyMap<string, SchemaCheck>> {
    const found = new Map<string, SchemaCheck>();
    const missing = new Map<string, SchemaName>();
    for (const schema of schemas) {
      const name = nameOf(schema);
      const known = this.#checks.get(name);
      if (known === undefined) {
        missing.set(name, schema);
      } else {
        found.set(name, known.check);
      }
    }
    const names = [...missing];
    for (let at = 0; at < names.length; at += SCHEMAS_AT_ONCE) {
      const part = names.slice(at, at + SCHEMAS_AT_ONCE);
      const answer = await directory().namedSchemas(part.map(([, schema]) => schema));
      for (const [index, [name]] of part.entries()) {
        const schema = answer[index];
        if (schema == null) {
          throw new Error(`The Directory has lost the schema '${name}'.`);
        }
        const check = schemaCheck(schema);
        found.set(name, check);
        this.#keep(name, check, JSON.stringify(schema).length);
      }
    }
    return found;
  }

  #keep(name: string, check: SchemaCheck, size: number): void {
    // Requests that came at once have each asked for it.
    this.#checksSize += size - (this.#checks.get(name)?.size ?? 0);
    this.#checks.set(name, { check, size });
    for (const [oldest, entry] of this.#checks) {
      if (this.#checksSize <= CHECKS_CHARACTERS_MAX) {
        return;
      }
      this.#checks.delete(oldest);
      this.#checksSize -= entry.size;
    }
  }
}

function planOf({ events, pathOf, isStrict }: Question, { newest }: Index): Plan {
  const checks: { index: number; schema: SchemaName }[] = [];
  const errors: FieldError[] = [];
  for (const [index, { event }] of events.entries()) {
    const { action, version } = event;
    const newestVersion = newest.get(action);
    if (newestVersion === undefined) {
      if (isStrict) {
        errors.push(withoutSchema(pathOf(index), action));
      }
    } else if (version !== undefined && version > newestVersion) {
      errors.push(unknownVersion(pathOf(index), action, newestVersion));
    } else {
      checks.push({ index, schema: [action, version ?? newestVersion] });
    }
  }
  return { checks, errors };
}

function withoutSchema(path: string, action: string): FieldError {
  const field = `${path}.action`;
  const message = `'${field}' is '${action}', which has no schema, and here every action must have one. Create it with POST /audit_logs/actions/${encodeURIComponent(action)}/schemas.`;
  return { field, code: "schema_required", message };
}

function unknownVersion(path: string, action: string, newest: number): FieldError {
  const field = `${path}.version`;
  const versions = newest === 1 ? "version 1" : `the versions 1 to ${newest}`;
  const message = `'${field}' does not exist: the schema of '${action}' has ${versions}.`;
  return { field, code: "unknown_version", message };
}

function nameOf([action, version]: SchemaName): string {
  return `${version} ${action}`;
}

/** The registry of this isolate. */
export const schemas = new SchemaRegistry(systemClock);
