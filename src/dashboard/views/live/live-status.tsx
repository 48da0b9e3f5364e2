/** How the live tail is doing: connected or not, how fast, how much. Read aloud now and then, not for every event. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { messages } from "../../i18n/messages.ts";
import type { LiveModel } from "./live-model.ts";

const SPOKEN_EVERY_MS = 10_000;

export function LiveStatus({ model }: { readonly model: LiveModel }) {
  const t = messages.value.live;
  const state = model.state.value;
  const isFollowing = model.isFollowing.value;
  const tone = state.kind === "live" ? (isFollowing ? "following" : "paused") : "broken";
  return (
    <>
      <p class="live-state">
        <span class={`live-dot ${tone}`} />
        {state.kind === "live" ? (isFollowing ? t.following : t.paused) : t.states[state.kind]}
      </p>
      <p class="faint live-figure">{t.perSecond(model.perSecond.value)}</p>
      <p class="faint live-figure">{messages.value.list.count(model.count.value)}</p>
      <SpokenStatus model={model} />
    </>
  );
}

function SpokenStatus({ model }: { readonly model: LiveModel }) {
  const spoken = useSignal("");
  useEffect(() => {
    const speaking = setInterval(() => {
      const t = messages.value.live;
      const { value: held } = model.heldBack;
      const rate = model.perSecond.value;
      spoken.value = held > 0 ? t.newEvents(held) : rate > 0 ? t.perSecond(rate) : "";
    }, SPOKEN_EVERY_MS);
    return () => clearInterval(speaking);
  }, [model, spoken]);
  return (
    <p class="only-read-aloud" role="status">
      {spoken.value}
    </p>
  );
}
