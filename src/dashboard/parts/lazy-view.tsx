/** A view whose script is loaded when it is opened for the first time. */
import { useSignal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";
import { messages } from "../i18n/messages.ts";
import { Notice } from "./notice.tsx";

export interface LazyViewProps {
  readonly load: () => Promise<FunctionComponent>;
}

export function LazyView({ load }: LazyViewProps) {
  const t = messages.value;
  const View = useSignal<FunctionComponent | "failed" | undefined>(undefined);
  useEffect(() => {
    async function open(): Promise<void> {
      try {
        View.value = await load();
      } catch {
        View.value = "failed";
      }
    }
    void open();
  }, [load, View]);
  if (View.value === undefined) {
    return <div class="progress" role="progressbar" aria-label={t.loading} />;
  }
  return View.value === "failed" ? (
    <main id="events">
      <Notice icon="warning" title={t.failure.viewNotLoaded} heading="h1">
        <button type="button" class="button" onClick={() => location.reload()}>
          {t.failure.reload}
        </button>
      </Notice>
    </main>
  ) : (
    <View.value />
  );
}
