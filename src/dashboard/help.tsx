/** The keys, and the query language in examples. Opened by `?`. */
import { signal } from "@preact/signals";
import { messages } from "./i18n/messages.ts";
import { Dialog } from "./parts/dialog.tsx";
import { Icon } from "./parts/icon.tsx";
import { useShortcut } from "./parts/shortcut.ts";

const isOpen = signal(false);

export function HelpButton() {
  const t = messages.value.help;
  return (
    <button
      type="button"
      class="icon-button quiet"
      aria-label={t.title}
      title={t.title}
      aria-haspopup="dialog"
      onClick={() => {
        isOpen.value = true;
      }}
    >
      <Icon name="help" />
    </button>
  );
}

/** Stands once in the page. */
export function Help() {
  const t = messages.value.help;
  useShortcut("?", () => {
    isOpen.value = true;
  });
  if (!isOpen.value) {
    return null;
  }
  return (
    <Dialog
      title={t.title}
      onClose={() => {
        isOpen.value = false;
      }}
    >
      <dl class="help-list">
        {t.keys.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3 class="help-title">{t.queries}</h3>
      <dl class="help-list">
        {t.examples.map(([query, text]) => (
          <div key={query}>
            <dt>
              <code>{query}</code>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
