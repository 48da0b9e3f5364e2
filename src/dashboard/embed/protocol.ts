/**
 * What the element in a host's page and the frame that it makes say to each other, by `postMessage`. The link's code is
 * not among it: it goes into the frame's address, after the `#`.
 */

/** The custom properties of `styles/theme.css` that a host may set: `--rekishi-accent` becomes `--accent`, and so on. */
export const THEME_NAMES = [
  "paper",
  "surface",
  "raised",
  "hover",
  "line",
  "line-strong",
  "ink",
  "muted",
  "accent",
  "accent-ink",
  "accent-soft",
  "bar",
  "sans",
  "mono",
  "radius",
] as const;

/** Element to frame: how the log is to look. */
export interface Appearance {
  readonly type: "rekishi.appearance";
  /** "system", "light" or "dark". */
  readonly theme: string | null;
  /** "en" or "ja"; anything that begins so, such as "ja-JP", counts. */
  readonly language: string | null;
  readonly variables: Readonly<Record<string, string>>;
}

/** Frame to element: it listens now; or its session has ended, and another link is needed. */
export interface FrameMessage {
  readonly type: "rekishi.ready" | "rekishi.expired";
}
