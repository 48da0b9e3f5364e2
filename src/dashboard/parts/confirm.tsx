/** Asks before something that may be regretted. */
import { messages } from "../i18n/messages.ts";
import { Dialog } from "./dialog.tsx";

export interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  /** The button that does it, in words that say what it does. */
  readonly action: string;
  /** Nothing is lost by it. */
  readonly isHarmless?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ title, text, action, isHarmless, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {messages.value.cancel}
        </button>
        <button
          type="button"
          class={`button ${isHarmless === true ? "primary" : "danger"}`}
          onClick={onConfirm}
        >
          {action}
        </button>
      </div>
    </Dialog>
  );
}
