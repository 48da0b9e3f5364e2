/** A text that is shown once: a key, a link. */
import { messages } from "../i18n/messages.ts";
import { copy } from "./copy.tsx";
import { Icon } from "./icon.tsx";

export interface SecretProps {
  readonly label: string;
  readonly text: string;
  readonly hint: string;
}

export function Secret({ label, text, hint }: SecretProps) {
  return (
    <div class="secret">
      <code tabIndex={0}>{text}</code>
      <button type="button" class="button" onClick={() => void copy(text, label)}>
        <Icon name="copy" />
        {messages.value.copy}
      </button>
      <p class="hint">{hint}</p>
    </div>
  );
}
