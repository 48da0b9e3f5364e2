/**
 * The typed client of rekishi's API: one request, one `Result`. Every request ends, by an answer or by its timeout, so
 * nothing that waits for one waits for ever.
 */
import { fail, ok, type Result } from "../../kernel/result.ts";
import type { ApiFailure } from "./failure.ts";
import type { Credential } from "./session.ts";

const TIMEOUT_MS = 20_000;

/** Values of one name as a list are sent as `name[]=a&name[]=b`; undefined ones are left out. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly parameters?: Parameters;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export type ApiResult<T> = Result<T, ApiFailure>;

export class Api {
  readonly #credential: Credential;
  readonly #onUnauthorized: () => void;

  /** @param onUnauthorized told when the server does not accept the credential (any more). */
  constructor(credential: Credential, onUnauthorized: () => void = () => {}) {
    this.#credential = credential;
    this.#onUnauthorized = onUnauthorized;
  }

  get<T>(path: string, options: RequestOptions = {}): Promise<ApiResult<T>> {
    return this.send<T>("GET", path, options);
  }

  async send<T>(method: string, path: string, options: RequestOptions): Promise<ApiResult<T>> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS);
    const { signal = timeout.signal } = options;
    try {
      const response = await fetch(`${path}${queryString(options.parameters)}`, {
        method,
        headers: this.#headers(options.body !== undefined),
        credentials: "same-origin",
        signal: AbortSignal.any([signal, timeout.signal]),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
      return await this.#read<T>(response);
    } catch {
      if (options.signal?.aborted === true) {
        return fail(unanswered("cancelled"));
      }
      return fail(unanswered(timeout.signal.aborted ? "timeout" : "offline"));
    } finally {
      clearTimeout(timer);
    }
  }

  async #read<T>(response: Response): Promise<ApiResult<T>> {
    const text = await response.text();
    if (response.ok) {
      return ok((text === "" ? undefined : JSON.parse(text)) as T);
    }
    if (response.status === 401) {
      this.#onUnauthorized();
    }
    return fail(refusal(response.status, text));
  }

  #headers(hasBody: boolean): Record<string, string> {
    return {
      ...(hasBody ? { "Content-Type": "application/json" } : {}),
      ...(this.#credential.kind === "bearer"
        ? { Authorization: `Bearer ${this.#credential.token}` }
        : {}),
    };
  }
}

export function queryString(parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === "object") {
      value.forEach((each) => query.append(`${name}[]`, each));
    } else if (value !== undefined && value !== "") {
      query.append(name, String(value));
    }
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}

function unanswered(kind: "offline" | "timeout" | "cancelled"): ApiFailure {
  return { kind, code: kind, message: "" };
}

interface FailureBody {
  readonly code?: string;
  readonly message?: string;
  readonly request_id?: string;
  readonly errors?: ApiFailure["errors"];
}

/** Something between here and the server may answer in its own words, so the body may be anything. */
function refusal(status: number, text: string): ApiFailure {
  let body: FailureBody = {};
  try {
    body = JSON.parse(text) as FailureBody;
  } catch {
    // The status says enough.
  }
  return {
    kind: "refused",
    status,
    code: body.code ?? `http_${status}`,
    message: body.message ?? "",
    ...(body.errors === undefined ? {} : { errors: body.errors }),
    ...(body.request_id === undefined ? {} : { requestId: body.request_id }),
  };
}
