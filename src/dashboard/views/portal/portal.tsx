/**
 * Where a portal link leads: exchanges the code after the `#` for a session, once, and opens the log. Nothing happens
 * before this script runs, so what merely fetches the link, such as the preview in a chat, does not use it up.
 */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ApiFailure } from "../../api/failure.ts";
import { openPortalSession } from "../../api/portal.ts";
import { type Credential, signIn } from "../../api/session.ts";
import { tellHost } from "../../embed/frame.ts";
import { isEmbedded } from "../../embed/is-embedded.ts";
import { type Messages, messages } from "../../i18n/messages.ts";
import { Logo } from "../../parts/logo.tsx";
import { failureText, failureTitle } from "../../parts/notice.tsx";
import { address, navigate } from "../../state/address.ts";
import { takeCode } from "./code.ts";

export function Portal() {
  const t = messages.value.portal;
  const problem = useSignal<ApiFailure | undefined>(undefined);
  useEffect(() => {
    void enter((failure) => {
      problem.value = failure;
    });
  }, [problem]);

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Logo />
        {problem.value === undefined ? (
          <>
            <h1>{t.opening}</h1>
            <div class="progress" role="progressbar" aria-label={t.opening} />
          </>
        ) : (
          <div role="alert">
            <h1>{titleOf(problem.value)}</h1>
            <p class="faint">{textOf(problem.value)}</p>
          </div>
        )}
      </div>
    </main>
  );
}

async function enter(onFailure: (failure: ApiFailure) => void): Promise<void> {
  const opened = await openPortalSession(takeCode(), isEmbedded ? "token" : "cookie");
  if (!opened.ok) {
    onFailure(opened.failure);
    if (isEmbedded && opened.failure.status === 401) {
      tellHost({ type: "rekishi.expired" });
    }
    return;
  }
  const { token, ...holder } = opened.value;
  const organizationId = holder.organization_id ?? "";
  const credential: Credential =
    token === undefined ? { kind: "cookie" } : { kind: "bearer", token };
  signIn({ credential, organizationId, holder });
  const view = isEmbedded ? address.value.view : "explore";
  navigate({ view, organizationId }, { replace: true });
}

function titleOf(failure: ApiFailure): string {
  const t = messages.value.portal;
  return failure.status === 401 ? t.notValid[reasonOf(failure)].title : failureTitle(failure);
}

function textOf(failure: ApiFailure): string {
  const t = messages.value.portal;
  return failure.status === 401 ? t.notValid[reasonOf(failure)].text : failureText(failure);
}

/** In a frame there is no code after the first visit: its session has ended, and the host has been told. */
function reasonOf({ errors }: ApiFailure): keyof Messages["portal"]["notValid"] {
  const code = errors?.[0]?.code;
  if (isEmbedded && code === "unknown") {
    return "ended";
  }
  return code === "used" || code === "expired" ? code : "unknown";
}
