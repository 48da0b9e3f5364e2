/** Asks before something that cannot be undone. */
import { messages } from "../i18n/messages.ts";
import { Dialog } from "./dialog.tsx";

export interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  /** The button that does it, in words that say what it does. */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>
          {messages.value.cancel}
        </button>
        <button type="button" class="button danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
