/**
 * Where a portal link leads: exchanges the code after the `#` for a session, once, and opens the log. Nothing happens
 * before this script runs, so what merely fetches the link, such as the preview in a chat, does not use it up.
 */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { ApiFailure } from "../../api/failure.ts";
import { openPortalSession } from "../../api/portal.ts";
import { signIn } from "../../api/session.ts";
import { messages } from "../../i18n/messages.ts";
import { Logo } from "../../parts/logo.tsx";
import { failureText, failureTitle } from "../../parts/notice.tsx";
import { navigate } from "../../state/address.ts";
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
  const code = takeCode();
  const opened = await openPortalSession(code, "cookie");
  if (!opened.ok) {
    onFailure(opened.failure);
    return;
  }
  const organizationId = opened.value.organization_id ?? "";
  signIn({ credential: { kind: "cookie" }, organizationId, holder: opened.value });
  navigate({ view: "explore", organizationId }, { replace: true });
}

function titleOf(failure: ApiFailure): string {
  const t = messages.value.portal;
  return failure.status === 401 ? t.notValid[reasonOf(failure)].title : failureTitle(failure);
}

function textOf(failure: ApiFailure): string {
  const t = messages.value.portal;
  return failure.status === 401 ? t.notValid[reasonOf(failure)].text : failureText(failure);
}

function reasonOf({ errors }: ApiFailure): "used" | "expired" | "unknown" {
  const code = errors?.[0]?.code;
  return code === "used" || code === "expired" ? code : "unknown";
}
