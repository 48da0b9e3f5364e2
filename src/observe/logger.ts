/**
 * Structured logs: one JSON line per request, alarm and job.
 *
 * The facts of the request under way (its id, trace, caller) are in an AsyncLocalStorage, so that `log` can be called
 * anywhere without being passed along. Field names and their meaning: `profile.ts`.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { formatRecord, type Level, type LogFormat, type LogRecord } from "./profile.ts";

/** What every line of one request, alarm or job shares. A handler may add to it as it learns more. */
export interface LogContext {
  service: string;
  requestId?: string;
  traceId?: string;
  spanId?: string;
  userId?: string;
  /** Written into the metadata of every line. */
  organizationId?: string;
}

export interface LogSettings {
  readonly format: LogFormat;
  readonly level: Level;
}

const contexts = new AsyncLocalStorage<LogContext>();
const RANK: Record<Level, number> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 };
let settings: LogSettings = { format: "plain", level: "INFO" };

/** Sets how lines are written, once per isolate. */
export function configureLogs(chosen: LogSettings): void {
  settings = chosen;
}

/** Runs `body` with `context` as the facts of its log lines. */
export function withLogContext<T>(context: LogContext, body: () => T): T {
  return contexts.run(context, body);
}

/** Adds facts to the lines of the request under way. */
export function addLogContext(facts: Partial<LogContext>): void {
  const context = contexts.getStore();
  if (context !== undefined) {
    Object.assign(context, facts);
  }
}

export const log = {
  debug: (action: string, message: string, metadata: Metadata = {}) =>
    write("DEBUG", action, message, metadata),
  info: (action: string, message: string, metadata: Metadata = {}) =>
    write("INFO", action, message, metadata),
  warn: (action: string, message: string, metadata: Metadata = {}) =>
    write("WARN", action, message, metadata),
  error: (action: string, message: string, metadata: Metadata = {}) =>
    write("ERROR", action, message, metadata),
};

/** What a log line may know of something thrown. Never sent to a client. */
export function errorFacts(error: unknown): Metadata {
  return error instanceof Error
    ? { error: error.name, errorMessage: error.message, stack: error.stack }
    : { error: String(error) };
}

type Metadata = Readonly<Record<string, unknown>>;

function write(level: Level, action: string, message: string, metadata: Metadata): void {
  if (RANK[level] < RANK[settings.level]) {
    return;
  }
  const { organizationId, ...context } = contexts.getStore() ?? { service: "rekishi" };
  const record: LogRecord = {
    timestamp: new Date().toISOString(),
    level,
    ...context,
    action,
    message,
    metadata: organizationId === undefined ? metadata : { organizationId, ...metadata },
  };
  console.log(formatRecord(record, settings.format));
}
