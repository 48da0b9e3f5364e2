/** `rekishi export`: makes an export on a server, waits for it, downloads it and checks that all of it arrived. */
import { EXPORT_FORMATS } from "../../contract/export.ts";
import { type Command, OK, type Terminal, UsageError } from "../command.ts";
import { readOptions, timeText } from "../options.ts";
import { download } from "./download.ts";
import { ExportClient } from "./export-client.ts";
import { ProgressBar } from "./progress-bar.ts";

const DEFAULT_URL = "http://127.0.0.1:8787";
const POLL_MS = 250;

export const exportCommand: Command = {
  name: "export",
  summary: "exports an organization's events from a server into a file",
  help: `Usage: npm run rekishi -- export --organization ID --from TIME --to TIME -o FILE [options]

Creates the export, waits until it is ready, downloads it and compares its SHA-256. A download that breaks off goes on
where it broke off. The key comes from the environment variable REKISHI_KEY; it needs the scope exports:write.

Options:
  --organization ID   whose events
  --from TIME         on occurred_at: a date, which begins in UTC, or a time with an offset, in ISO 8601
  --to TIME           exclusive
  --q QUERY           in the query language of the API
  --format F          ${EXPORT_FORMATS.join(" or ")} (default csv)
  --bom               begin a CSV with a byte order mark, for Excel
  -o, --output FILE   where to; FILE.part while it is not complete
  --id ID             download this export instead of making a new one
  --url URL           of the server (default REKISHI_URL, or ${DEFAULT_URL})

Exit codes: 0 done, 1 the export or its download failed, 2 wrong use.

Example:
  REKISHI_KEY=$(cat .rekishi/root-key) npm run rekishi -- export --organization org_acme \\
    --from 2026-01-01 --to 2026-02-01 --q 'action:document.*' -o acme-january.csv
`,

  async run(args, terminal) {
    const { id, output, url, request } = readArguments(args);
    const client = new ExportClient(url, readKey());
    const exportId = id ?? (await client.create(request));
    terminal.err(`export ${exportId}\n`);
    const ready = await waitUntilReady(client, exportId, terminal);
    const { size, sha256 } = await download(
      client,
      ready,
      output,
      new ProgressBar(terminal, "bytes"),
    );
    terminal.out(`${output}: ${ready.events} events, ${size} bytes, SHA-256 ${sha256}\n`);
    return OK;
  },
};

const OPTIONS = {
  organization: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  q: { type: "string" },
  format: { type: "string" },
  bom: { type: "boolean" },
  output: { type: "string", short: "o" },
  id: { type: "string" },
  url: { type: "string" },
} as const;

function readArguments(args: readonly string[]) {
  const { values } = readOptions(args, OPTIONS, false);
  const { organization, from, to, q, format, bom, output, id, url } = values;
  if (output === undefined) {
    throw new UsageError("export needs -o FILE, where to write.");
  }
  if (id === undefined && (organization === undefined || from === undefined || to === undefined)) {
    throw new UsageError(
      "export needs --organization, --from and --to, or --id. See export --help.",
    );
  }
  return {
    id,
    output,
    url: url ?? process.env["REKISHI_URL"] ?? DEFAULT_URL,
    request: {
      organization_id: organization,
      range_start: from === undefined ? undefined : timeText(from, "--from"),
      range_end: to === undefined ? undefined : timeText(to, "--to"),
      q,
      format,
      bom,
    },
  };
}

function readKey(): string {
  const key = process.env["REKISHI_KEY"];
  if (!key) {
    throw new UsageError("set REKISHI_KEY to an API key with the scope exports:write.");
  }
  return key;
}

async function waitUntilReady(client: ExportClient, id: string, terminal: Terminal) {
  const bar = new ProgressBar(terminal, "events read");
  try {
    for (;;) {
      const now = await client.get(id);
      if (now.state !== "pending") {
        return client.ready(now);
      }
      bar.show(now.progress.events, now.progress.total);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    bar.end();
  }
}
