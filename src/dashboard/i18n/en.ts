/** English. Its shape is the type of every language. */
import { ENGLISH } from "../../query/query-errors-en.ts";
import { numberText as n, plural } from "./plural.ts";

export const en = {
  skipToEvents: "Skip to the events",
  retry: "Try again",
  refresh: "Refresh",
  close: "Close",
  cancel: "Cancel",
  copy: "Copy",
  loading: "Loading …",
  actions: "Actions",
  copied: (what: string) => `${what} copied`,
  copyRefused: "The browser did not allow copying",
  link: "Link",
  id: "ID",
  json: "JSON",
  value: "Value",

  views: { explore: "Explore", live: "Live", exports: "Exports", settings: "Settings" },

  display: {
    title: "Display",
    language: "Language",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    zone: "Time zone",
    zones: { local: "Local", UTC: "UTC", "Asia/Tokyo": "Tokyo" },
  },

  signIn: {
    title: "Open an audit log",
    text: "This dashboard shows what was recorded: who did what, to what, when and from where.",
    key: "API key",
    keyHint:
      "With the scope events:read; or the session token (JWT) of your identity provider. It stays in this tab and is forgotten when you close it.",
    rootKeyHint: "On your own machine, the root key is in .rekishi/root-key.",
    keyMissing: "Paste an API key.",
    keyRefused: "This key is not valid. Check that you copied all of it.",
    keyForbidden: "This key may not read events. It needs the scope events:read.",
    expired: "You were signed out: the session has ended, or the key is no longer valid.",
    submit: "Continue",
    checking: "Checking …",
    chooseTitle: "Choose an organization",
    chooseText: "This key can open more than one log.",
    organizationId: "Organization ID",
    organizationHint: "The key works, but may not list organizations. Enter the ID of one.",
    open: "Open",
    noneTitle: "There is no organization yet",
    noneText: "The first event creates one. Send it, and come back:",
    back: "Use another key",
    signOut: "Sign out",
  },

  portal: {
    opening: "Opening your audit log …",
    back: "Back",
    notValid: {
      used: {
        title: "This link has been used",
        text: "A link opens the log once. Ask for a new one where you got it.",
      },
      expired: {
        title: "This link is too old",
        text: "A link works for five minutes. Ask for a new one where you got it.",
      },
      unknown: {
        title: "This link is not complete",
        text: "Check that the whole link was copied, or ask for a new one.",
      },
      ended: {
        title: "The session has ended",
        text: "Reload the page around this log to open it again.",
      },
    },
  },

  organization: {
    choose: "Switch organization",
    find: "Find, or enter an ID",
    openId: (id: string) => `Open “${id}”`,
    unknown: (id: string) => `There is no organization “${id}”`,
    unknownText: "Or it is not yours to see. Check the ID: it is created by its first event.",
    another: "Choose another organization",
  },

  failure: {
    offline: {
      title: "The server did not answer",
      text: "It may be restarting, or your network may be down.",
    },
    timeout: {
      title: "This takes too long",
      text: "The server did not answer in time. A shorter period is faster.",
    },
    forbidden: {
      title: "You may not see this",
      text: "Your key lacks a scope. Ask whoever gave it to you.",
    },
    notFound: {
      title: "Not found",
      text: "It does not exist, or it is not yours to see.",
    },
    tooMany: {
      title: "Too many requests",
      text: "The server limits how much is asked of it. Wait a moment, and try again.",
    },
    unavailable: {
      title: "The log is busy",
      text: "It has more to do than it can at the moment. Wait a moment, and try again.",
    },
    other: { title: "That did not work" },
    inOneLine: (title: string, text: string) => (text === "" ? `${title}.` : `${title}. ${text}`),
    requestId: (id: string) => `request ${id}`,
    viewNotLoaded:
      "This part of the page could not be loaded. A newer version may have been installed.",
    reload: "Reload the page",
  },

  columns: {
    title: "Columns",
    choose: "Choose columns",
    time: "Time",
    actor: "Actor",
    action: "Action",
    target: "Target",
    location: "Location",
    names: {
      "actor.id": "Actor ID",
      "actor.type": "Actor type",
      "target.id": "Target ID",
      "target.type": "Target type",
      user_agent: "User agent",
      ingested_at: "Stored",
      version: "Version",
      seq: "Seq",
      id: "ID",
    } as Readonly<Record<string, string>>,
    metadata: "Metadata",
    add: "Add a metadata name",
    reset: "Usual columns",
  },

  list: {
    label: "Events",
    export: "Export",
    more: (count: number) => `+${n(count)}`,
    count: (count: number) => plural(count, "event", "events"),
    loading: "Loading events …",
    moreFailed: "More events could not be loaded.",
    end: "No more events in this period",
    searchedBack: (time: string) => `Nothing yet; searched back to ${time} …`,
  },

  detail: {
    label: "Event",
    filter: (field: string, value: string) => `Only ${field} ${value}`,
    exclude: (field: string, value: string) => `Without ${field} ${value}`,
    copyValue: (field: string) => `Copy ${field}`,
    copyJson: "Copy JSON",
    copyLink: "Copy link",
    around: "5 minutes around it",
    moreFields: (count: number) => `${plural(count, "more value", "more values")} in the JSON`,
  },

  query: {
    label: "Search events",
    placeholder: "Search: words, action:document.shared, -actor.type:system, “exact phrase”",
    clear: "Clear the search",
    suggestions: (count: number) => plural(count, "suggestion", "suggestions"),
    errorAt: (place: number, message: string) => `Character ${place}: ${message}`,
    /** The query language describes its fields in English. */
    descriptions: {} as Readonly<Record<string, string>>,
    /** Under the search, when a key or a token was pasted there. */
    secret: "This looks like a key, so it is not searched for or kept.",
    errors: ENGLISH,
  },

  facets: {
    title: "Filters",
    names: {
      action: "Action",
      actor: "Actor",
      actor_type: "Actor type",
      target_type: "Target type",
    },
    none: "Nothing",
    failed: "The counts could not be loaded.",
    counted: "events:",
    lowBy: (count: string) => `There are very many values: a count may be low by up to ${count}.`,
    without: (value: string) => `Leave out ${value}`,
    withoutHint: "Leave out (Alt and click on the value)",
  },

  histogram: {
    label: "Events over time",
    asTable: "As a table",
    from: "From",
    count: "Events",
    events: (count: number) => plural(count, "event", "events"),
  },

  saved: {
    title: "Saved views",
    none: "Give what you see a name, to come back to it.",
    name: "Name of this view",
    save: "Save",
    remove: (name: string) => `Remove ${name}`,
  },

  linked: {
    title: "The event of the link",
    missing: "The event of the link was not found",
  },

  help: {
    title: "Keys and search",
    keys: [
      [["/"], "Write a search"],
      [["j", "k"], "Next and previous event"],
      [["Enter"], "Open or close the event"],
      [["Esc"], "Close what is open"],
      [["p"], "Pause or resume Live"],
      [["?"], "Show this"],
    ] as readonly (readonly [readonly string[], string])[],
    queries: "The query language",
    examples: [
      ["contract renewed", "both words, in any text of the event"],
      ['"exact phrase"', "words next to each other"],
      ["action:document.shared", "a field has exactly this value"],
      ["action:document.*", "a value that begins so"],
      ["-actor.type:system", "without these"],
      ["actor.id:u_1 OR actor.id:u_2", "one or the other"],
      ["occurred_at:>=2026-11-01", "from this day on"],
      ["metadata.request_id:5e6f", "a value of the metadata"],
    ] as readonly (readonly [string, string])[],
  },

  live: {
    pause: "Pause",
    resume: "Resume",
    following: "Live",
    paused: "Paused",
    states: { connecting: "Connecting …", broken: "Disconnected", refused: "Not connected" },
    opening: "Connecting to the log …",
    waiting: "Waiting for the first event",
    perSecond: (rate: number) =>
      `${n(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))} events/s`,
    newEvents: (count: number) => plural(count, "new event", "new events"),
    broken: "The connection was lost. What is stored meanwhile is filled in.",
    retryIn: (delayMs: number) => `Trying again in ${Math.ceil(delayMs / 1_000)} s`,
    retryNow: "Try now",
    recovered: (brokenMs: number, count: number) =>
      `Connected again after ${Math.max(1, Math.round(brokenMs / 1_000))} s. ${
        count === 0
          ? "Nothing was missed."
          : `${plural(count, "event", "events")} from meanwhile ${count === 1 ? "was" : "were"} filled in.`
      }`,
    skipped: (count: number) =>
      `The log was faster than this page: ${plural(count, "event was", "events were")} skipped.`,
    loadSkipped: "Load them",
  },

  nothing: {
    title: "No events found",
    inPeriod: "Nothing happened in this period.",
    matches: "Nothing in this period matches the search.",
    invalid: "There is a mistake in the search",
    invalidText: "The line below it says what is wrong. Mend it, and press Enter.",
    clearQuery: "Clear the search",
    allTime: "Look at all time",
    noEvents: "This log is empty",
    noEventsText: "Events appear here as soon as they are stored. Send the first one:",
  },

  time: {
    choose: "Choose a period",
    spans: {
      "15m": "Last 15 minutes",
      "1h": "Last hour",
      "24h": "Last 24 hours",
      "7d": "Last 7 days",
      "30d": "Last 30 days",
      "90d": "Last 90 days",
      all: "All time",
    },
    between: (from: string, to: string) => `${from} – ${to}`,
    from: "From",
    to: "To",
    apply: "Show this period",
    reversed: "The end must be after the beginning.",
  },
};
