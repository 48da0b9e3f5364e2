/** A state of a view in words: why there is nothing to see, and what to do about it. */
import type { ComponentChildren } from "preact";
import type { ApiFailure } from "../api/failure.ts";
import { messages } from "../i18n/messages.ts";
import { Icon, type IconName } from "./icon.tsx";

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly children?: ComponentChildren;
}

export function Notice({ icon, title, text, children }: NoticeProps) {
  return (
    <div class="notice">
      <Icon name={icon} />
      <h2>{title}</h2>
      {text !== undefined && text !== "" && <p>{text}</p>}
      {children !== undefined && <div class="actions">{children}</div>}
    </div>
  );
}

/** Says what went wrong, and offers to try again. */
export function FailureNotice(props: {
  readonly failure: ApiFailure;
  readonly onRetry: () => void;
}) {
  const t = messages.value;
  return (
    <div role="alert">
      <Notice icon="warning" title={failureTitle(props.failure)} text={failureText(props.failure)}>
        <button type="button" class="button" onClick={props.onRetry}>
          {t.retry}
        </button>
      </Notice>
    </div>
  );
}

export function failureTitle({ kind, status }: ApiFailure): string {
  const t = messages.value.failure;
  if (kind === "offline" || kind === "timeout") {
    return t[kind].title;
  }
  if (status === 403) {
    return t.forbidden.title;
  }
  return status === 404 ? t.notFound.title : t.other.title;
}

export function failureText({ kind, status, message, requestId }: ApiFailure): string {
  const t = messages.value.failure;
  if (kind === "offline" || kind === "timeout") {
    return t[kind].text;
  }
  if (status === 403) {
    return t.forbidden.text;
  }
  if (status === 404) {
    return t.notFound.text;
  }
  return requestId === undefined ? message : `${message} (${t.requestId(requestId)})`;
}
