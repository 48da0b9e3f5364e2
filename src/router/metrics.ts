/** What the router counts. Every metric is here; `GET /metrics` shows them, `docs/operating.md` says what they are for. */
import { Counter, Histogram } from "../observe/metrics.ts";

export const metrics = {
  requests: new Counter(
    "rekishi_http_requests_total",
    "Requests answered, by route and class of status.",
    ["method", "route", "status"],
  ),
  requestSeconds: new Histogram(
    "rekishi_http_request_duration_seconds",
    "How long requests took.",
    ["method", "route"],
  ),
  failures: new Counter(
    "rekishi_http_failures_total",
    "Requests answered with an error, by its code; rate_limit_exceeded are those over a limit.",
    ["code"],
  ),
  rejectedCredentials: new Counter(
    "rekishi_credentials_rejected_total",
    "Credentials that were not accepted, by the reason.",
    ["reason"],
  ),
  appendedEvents: new Counter("rekishi_events_appended_total", "Events stored."),
  replayedEvents: new Counter(
    "rekishi_events_replayed_total",
    "Events that were stored before and got their first answer.",
  ),
} as const;
