/** A part of a view that shows what was loaded, or why it is not there. */
import type { ComponentChildren } from "preact";
import { messages } from "../i18n/messages.ts";
import type { Loading } from "./loaded.ts";
import { FailureNotice } from "./notice.tsx";

export interface LoadedPartProps<T> {
  readonly loading: Loading<T>;
  readonly children: (value: T) => ComponentChildren;
}

export function LoadedPart<T>({ loading, children }: LoadedPartProps<T>) {
  const { loaded, reload } = loading;
  switch (loaded.kind) {
    case "loading":
      return <div class="progress" role="progressbar" aria-label={messages.value.loading} />;
    case "failed":
      return <FailureNotice failure={loaded.failure} onRetry={reload} />;
    case "ready":
      return <>{children(loaded.value)}</>;
  }
}
