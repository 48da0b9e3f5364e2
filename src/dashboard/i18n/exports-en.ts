/** English, of the exports. Its shape is the type of every language. */
export const exportsEn = {
  title: "Exports",
  create: {
    title: "Export events",
    text: "A file of the events of this search and period, as the log stands now. Large ones are made in the background.",
    query: "Search",
    everything: "All events",
    period: "Period",
    change: "Change",
    covers: (days: string, isCut: boolean) =>
      isCut
        ? `Explore shows a longer period, but an export covers at most ${days} days: events outside of this period are not in the file.`
        : `An export covers at most ${days} days. Events outside of this period are not in the file.`,
    format: "Format",
    formats: { csv: "CSV", excel: "CSV for Excel", ndjson: "NDJSON" },
    submit: "Create export",
  },
  made: {
    title: "Files",
    text: "A file is kept for some days. Its SHA-256 and its manifest say what is in it.",
    none: "Nothing was exported yet.",
    created: "Created",
    format: "Format",
    state: "State",
    events: "Events",
    size: "Size",
    states: { pending: "Being made", ready: "Ready", error: "Failed.", expired: "Expired" },
    until: (time: string) => `until ${time}`,
    download: "Download",
    manifest: "Manifest",
    remove: "Delete this export",
    cancel: "Stop this export",
  },
};

export type ExportsMessages = typeof exportsEn;
