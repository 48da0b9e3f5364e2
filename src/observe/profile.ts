/**
 * How a log record is spelled for the place that collects it. One canonical record, three dialects.
 *
 * Sources: Google Cloud "Structured logging" special fields; Datadog "Standard attributes".
 */

export type LogFormat = "plain" | "google" | "datadog";
export type Level = "DEBUG" | "INFO" | "WARN" | "ERROR";

export interface LogRecord {
  readonly timestamp: string;
  readonly level: Level;
  readonly service: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly requestId?: string;
  /** Who acted: an API key's id, "root", or nobody. */
  readonly userId?: string;
  /** What was done, such as `http.request` or `job.retention`. */
  readonly action: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One line of JSON, without secrets. */
export function formatRecord(record: LogRecord, format: LogFormat): string {
  return maskSecrets(JSON.stringify(FORMATS[format](record)));
}

const FORMATS: Record<LogFormat, (record: LogRecord) => unknown> = {
  plain: (record) => record,
  google: ({ timestamp, level, traceId, spanId, ...rest }) => ({
    severity: level === "WARN" ? "WARNING" : level,
    time: timestamp,
    "logging.googleapis.com/trace": traceId,
    "logging.googleapis.com/spanId": spanId,
    ...rest,
  }),
  datadog: ({ timestamp, level, traceId, spanId, userId, ...rest }) => ({
    date: timestamp,
    status: level.toLowerCase(),
    "dd.trace_id": traceId,
    "dd.span_id": spanId,
    usr: userId === undefined ? undefined : { id: userId },
    ...rest,
  }),
};

/** Every secret of rekishi's own has a prefix, and a JWT begins with `{"`, so they are found wherever they slipped in. */
const SECRETS =
  /\b(rk_(?:live|root)_|rk[tps]_)[A-Za-z0-9_-]+|\b(eyJ)[\w-]+\.[\w-]+\.[\w-]*|(Bearer )[^\s"\\]+/g;

function maskSecrets(text: string): string {
  return text.replace(
    SECRETS,
    (_, ...groups: (string | undefined)[]) => `${groups.slice(0, 3).find(Boolean) ?? ""}***`,
  );
}
