/** A button with a small panel that opens beside it, closes by Escape and by a click elsewhere (the platform's popover). */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";

const GAP_PX = 6;
const EDGE_PX = 8;

export interface PopoverProps {
  /** What the panel is, for those who do not see where it opened. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly buttonClass?: string;
  readonly title?: string;
  /** Makes what is inside; `close` closes the panel. It is asked only while the panel is open. */
  readonly children: (close: () => void) => ComponentChildren;
}

export function Popover({ label, button, buttonClass, title, children }: PopoverProps) {
  const id = useId();
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  function onToggle(event: Pick<ToggleEvent, "newState">): void {
    const opens = event.newState === "open";
    setOpen(opens);
    if (opens) {
      // When what is inside has been drawn, its size is known.
      requestAnimationFrame(() => place(trigger.current, panel.current));
    }
  }

  return (
    <>
      <button
        ref={trigger}
        type="button"
        class={buttonClass ?? "button"}
        title={title}
        popovertarget={id}
        aria-haspopup="dialog"
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        class="popover"
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={onToggle}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}

function place(trigger: HTMLElement | null, panel: HTMLElement | null): void {
  if (trigger === null || panel === null) {
    return;
  }
  const button = trigger.getBoundingClientRect();
  const widest = document.documentElement.clientWidth - panel.offsetWidth - EDGE_PX;
  const isRightHalf = button.left + button.width / 2 > document.documentElement.clientWidth / 2;
  const left = isRightHalf ? button.right - panel.offsetWidth : button.left;
  panel.style.setProperty("--top", `${button.bottom + GAP_PX}px`);
  panel.style.setProperty("--left", `${Math.max(EDGE_PX, Math.min(left, widest))}px`);
  panel.querySelector<HTMLElement>("[data-autofocus]")?.focus();
}
