/** The keys, and the query language in examples. Opened by `?`. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { messages } from "./i18n/messages.ts";
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
  const dialog = useRef<HTMLDialogElement>(null);
  useShortcut("?", () => {
    isOpen.value = true;
  });
  useEffect(() => {
    if (isOpen.value) {
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [isOpen.value]);
  return (
    <dialog
      ref={dialog}
      class="panel help"
      aria-labelledby="help-title"
      onClose={() => {
        isOpen.value = false;
      }}
      onClick={({ target, currentTarget }) => {
        // The backdrop is the dialog itself; what is in it has its own elements.
        if (target === currentTarget) {
          isOpen.value = false;
        }
      }}
    >
      {isOpen.value && <HelpText />}
    </dialog>
  );
}

function HelpText() {
  const t = messages.value;
  return (
    <>
      <div class="panel-title">
        <h2 id="help-title">{t.help.title}</h2>
        <button
          type="button"
          class="icon-button quiet"
          aria-label={t.close}
          onClick={() => {
            isOpen.value = false;
          }}
        >
          <Icon name="close" />
        </button>
      </div>
      <dl class="help-list">
        {t.help.keys.map(([keys, text]) => (
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
      <h3>{t.help.queries}</h3>
      <dl class="help-list">
        {t.help.examples.map(([query, text]) => (
          <div key={query}>
            <dt>
              <code>{query}</code>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
