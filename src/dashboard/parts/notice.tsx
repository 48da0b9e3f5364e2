/** A state of a view in words: why there is nothing to see, and what to do about it. */
import type { ComponentChildren } from "preact";
import type { ApiFailure } from "../api/failure.ts";
import { messages } from "../i18n/messages.ts";
import { Icon, type IconName } from "./icon.tsx";

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  /** Its place in the outline of the page; h2 unless it is all that the page has. */
  readonly heading?: "h1" | "h2";
  readonly children?: ComponentChildren;
}

export function Notice({ icon, title, text, heading: Heading = "h2", children }: NoticeProps) {
  return (
    <div class="notice">
      <Icon name={icon} />
      <Heading>{title}</Heading>
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

export function failureTitle(failure: ApiFailure): string {
  const t = messages.value.failure;
  const known = knownFailure(failure);
  return known === undefined ? t.other.title : t[known].title;
}

export function failureText(failure: ApiFailure): string {
  const t = messages.value.failure;
  const known = knownFailure(failure);
  if (known !== undefined) {
    return t[known].text;
  }
  const { message, requestId } = failure;
  return requestId === undefined ? message : `${message} (${t.requestId(requestId)})`;
}

/** Which of the failures it is that the dashboard has its own words for; for any other, the server's say more. */
function knownFailure({ kind, status = 0 }: ApiFailure) {
  if (kind === "offline" || kind === "timeout") {
    return kind;
  }
  return FAILURES_BY_STATUS[status];
}

const FAILURES_BY_STATUS: Readonly<
  Record<number, "forbidden" | "notFound" | "tooMany" | "unavailable">
> = {
  403: "forbidden",
  404: "notFound",
  429: "tooMany",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};
