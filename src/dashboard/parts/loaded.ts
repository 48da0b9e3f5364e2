/** What a view asks the server for when it opens, and again when it has changed. */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import type { Api, ApiResult } from "../api/client.ts";
import type { ApiFailure } from "../api/failure.ts";
import { api } from "../api/session.ts";

export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly failure: ApiFailure }
  | { readonly kind: "ready"; readonly value: T };

export interface Loading<T> {
  readonly loaded: Loaded<T>;
  /** Asks again; what was there stays until the answer comes. */
  readonly reload: () => void;
}

/** @param load must be the same function as long as it asks the same. */
export function useLoaded<T>(
  load: (api: Api, signal: AbortSignal) => Promise<ApiResult<T>>,
): Loading<T> {
  const loaded = useSignal<Loaded<T>>({ kind: "loading" });
  const round = useSignal(0);
  const client = api.value;
  const asked = round.value;
  useEffect(() => {
    const stop = new AbortController();
    async function ask(): Promise<void> {
      const answer = client === undefined ? undefined : await load(client, stop.signal);
      if (answer === undefined || stop.signal.aborted) {
        return;
      }
      loaded.value = answer.ok
        ? { kind: "ready", value: answer.value }
        : { kind: "failed", failure: answer.failure };
    }
    void ask();
    return () => stop.abort();
  }, [client, load, asked, loaded]);
  const reload = useCallback(() => {
    round.value++;
  }, [round]);
  return { loaded: loaded.value, reload };
}
