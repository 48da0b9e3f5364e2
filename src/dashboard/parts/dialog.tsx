/** A dialog over the page: the platform's, which keeps the focus inside and closes by Escape. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { messages } from "../i18n/messages.ts";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Is open as long as it is part of the page. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before it is painted: a key that is pressed as soon as it is there reaches it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="panel" aria-labelledby={titleId} onClose={onClose}>
      <h2 class="panel-title" id={titleId}>
        {title}
        <button
          type="button"
          class="icon-button small quiet"
          aria-label={messages.value.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </h2>
      {children}
    </dialog>
  );
}
