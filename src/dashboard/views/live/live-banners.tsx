/** What happened to the live tail that one should know: a break, what was filled in after it, what was skipped. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { messages } from "../../i18n/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { failureTitle } from "../../parts/notice.tsx";
import type { LiveModel } from "./live-model.ts";

export function LiveBanners({ model }: { readonly model: LiveModel }) {
  return (
    <div class="banners" role="status">
      <BreakBanner model={model} />
      <RecoveryBanner model={model} />
      <SkippedBanner model={model} />
    </div>
  );
}

function BreakBanner({ model }: { readonly model: LiveModel }) {
  const t = messages.value.live;
  const now = useSignal(Date.now());
  const state = model.state.value;
  const isBroken = state.kind === "broken";
  useEffect(() => {
    const ticking = setInterval(() => {
      now.value = Date.now();
    }, 1_000);
    return () => clearInterval(ticking);
  }, [now]);
  if (!isBroken) {
    return null;
  }
  return (
    <div class="banner">
      <Icon name="warning" />
      <span>{t.broken}</span>
      {/* The seconds are for the eyes: read aloud they would never stop. */}
      <span aria-hidden="true">{t.retryIn(Math.max(0, state.retryAt - now.value))}</span>
      <button type="button" class="button small" onClick={model.retryNow}>
        {t.retryNow}
      </button>
    </div>
  );
}

function RecoveryBanner({ model }: { readonly model: LiveModel }) {
  const t = messages.value;
  const recovery = model.recovery.value;
  if (recovery === undefined || model.state.value.kind !== "live") {
    return null;
  }
  return (
    <div class="banner calm">
      <Icon name="check" />
      <span>{t.live.recovered(recovery.brokenMs, recovery.count)}</span>
      <button
        type="button"
        class="icon-button small quiet"
        aria-label={t.close}
        onClick={() => {
          model.recovery.value = undefined;
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function SkippedBanner({ model }: { readonly model: LiveModel }) {
  const t = messages.value.live;
  const count = model.skipped.value.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (count === 0) {
    return null;
  }
  const failure = model.skippedFailure.value;
  return (
    <div class="banner">
      <Icon name="warning" />
      <span>{t.skipped(count)}</span>
      {failure !== undefined && <span>{failureTitle(failure)}</span>}
      <button
        type="button"
        class="button small"
        aria-disabled={model.isLoadingSkipped.value}
        onClick={() => void model.loadSkipped()}
      >
        {model.isLoadingSkipped.value ? messages.value.list.loading : t.loadSkipped}
      </button>
    </div>
  );
}
