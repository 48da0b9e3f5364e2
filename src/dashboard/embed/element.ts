/**
 * `<rekishi-log link="…">`: shows an organization's log in a page of the product that embeds it.
 *
 *     <script type="module" src="https://audit.example.com/embed.js"></script>
 *     <rekishi-log link="https://audit.example.com/portal#…" theme="dark" lang="ja"></rekishi-log>
 *
 * `link` is a fresh portal link, which the product's server makes for each visit. Attributes: `theme` (system, light,
 * dark), `lang` (en, ja), `view` (explore, live). Custom properties such as `--rekishi-accent` colour it (protocol.ts
 * lists them). The event `expired` asks for another link; setting `link` again shows the log again.
 *
 * It is a frame, so that neither page reaches into the other; where the frame may be shown, the server decides
 * (REKISHI_ALLOWED_ORIGINS).
 */
import { type Appearance, type FrameMessage, THEME_NAMES } from "./protocol.ts";

const TITLES: Readonly<Record<string, string>> = { en: "Audit log", ja: "監査ログ" };

class RekishiLog extends HTMLElement {
  static readonly observedAttributes = ["link", "theme", "lang", "view"];

  readonly #frame = document.createElement("iframe");
  #origin = "";
  #isReady = false;

  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent =
      ":host{display:block;height:640px}iframe{width:100%;height:100%;border:0;color-scheme:auto}";
    this.#frame.allow = "clipboard-write";
    this.#frame.referrerPolicy = "no-referrer";
    this.attachShadow({ mode: "open" }).append(style, this.#frame);
  }

  connectedCallback(): void {
    addEventListener("message", this.#receive);
    this.#open();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this.#receive);
  }

  attributeChangedCallback(name: string): void {
    if (!this.isConnected) {
      return;
    }
    if (name === "link" || name === "view") {
      this.#open();
    } else if (this.#isReady) {
      this.#dress();
    }
  }

  /** A link works once, so the frame is opened when there is a new one. */
  #open(): void {
    this.#frame.title = TITLES[this.lang.slice(0, 2)] ?? "Audit log";
    const link = URL.parse(this.getAttribute("link") ?? "");
    if (link === null || !/^https?:$/.test(link.protocol)) {
      return;
    }
    this.#origin = link.origin;
    this.#isReady = false;
    const frame = new URL("/embed", link);
    const view = this.getAttribute("view");
    if (view !== null) {
      frame.searchParams.set("view", view);
    }
    frame.hash = link.hash;
    // Only another path makes a frame load again; another hash alone does not.
    frame.searchParams.set("visit", String(Date.now()));
    this.#frame.src = frame.href;
  }

  readonly #receive = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.#frame.contentWindow || origin !== this.#origin) {
      return;
    }
    const { type } = (data ?? {}) as Partial<FrameMessage>;
    if (type === "rekishi.ready") {
      this.#isReady = true;
      this.#dress();
    } else if (type === "rekishi.expired") {
      this.dispatchEvent(new CustomEvent("expired"));
    }
  };

  #dress(): void {
    const style = getComputedStyle(this);
    const variables: Record<string, string> = {};
    for (const name of THEME_NAMES) {
      const value = style.getPropertyValue(`--rekishi-${name}`).trim();
      if (value !== "") {
        variables[name] = value;
      }
    }
    const appearance: Appearance = {
      type: "rekishi.appearance",
      theme: this.getAttribute("theme"),
      language: this.getAttribute("lang"),
      variables,
    };
    this.#frame.contentWindow?.postMessage(appearance, this.#origin);
  }
}

if (customElements.get("rekishi-log") === undefined) {
  customElements.define("rekishi-log", RekishiLog);
}
