/** Exports: a file of what Explore shows, and the files that were made before. */
import { useCallback, useEffect } from "preact/hooks";
import type { ExportResource } from "../../../contract/export.ts";
import type { List } from "../../../contract/list.ts";
import type { Api } from "../../api/client.ts";
import { listExports } from "../../api/exports.ts";
import { session } from "../../api/session.ts";
import { exportsMessages } from "../../i18n/exports-messages.ts";
import { LoadedPart } from "../../parts/loaded-part.tsx";
import { type Loaded, useLoaded } from "../../parts/loaded.ts";
import { Section } from "../../parts/section.tsx";
import { ExportTable } from "./export-table.tsx";
import { NewExport } from "./new-export.tsx";

/** How often the server is asked how far an export is. */
const FOLLOW_MS = 1_000;

export function Exports() {
  const t = exportsMessages.value;
  const organizationId = session.value?.organizationId ?? "";
  const exports = useLoaded(
    useCallback(
      (client: Api, signal: AbortSignal) => listExports(client, organizationId, signal),
      [organizationId],
    ),
  );
  const { loaded, reload } = exports;
  useEffect(() => {
    if (!isUnderWay(loaded)) {
      return;
    }
    const timer = setTimeout(reload, FOLLOW_MS);
    return () => clearTimeout(timer);
  }, [loaded, reload]);

  return (
    <main class="page" id="events">
      <h1>{t.title}</h1>
      <NewExport organizationId={organizationId} onCreated={reload} />
      <Section title={t.made.title} text={t.made.text}>
        <LoadedPart loading={exports}>
          {({ data }) => <ExportTable exports={data} onChange={reload} />}
        </LoadedPart>
      </Section>
    </main>
  );
}

/** A list that could not be loaded again is shown as a failure, with a button that asks once more. */
function isUnderWay(loaded: Loaded<List<ExportResource>>): boolean {
  return loaded.kind === "ready" && loaded.value.data.some(({ state }) => state === "pending");
}
