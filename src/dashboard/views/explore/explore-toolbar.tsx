/** What one asks with: the query, the time, and on a narrow screen the facets. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Api } from "../../api/client.ts";
import { session } from "../../api/session.ts";
import { valueSource } from "../../events/value-source.ts";
import { messages } from "../../i18n/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { Popover } from "../../parts/popover.tsx";
import { QueryBar } from "../../query-bar/query-bar.tsx";
import { address, navigate } from "../../state/address.ts";
import { boundsOf } from "../../state/time-range.ts";
import type { ExploreModel } from "./explore-model.ts";
import { TimePicker } from "./time-picker.tsx";

export interface ExploreToolbarProps {
  readonly client: Api;
  readonly model: ExploreModel;
  readonly onRefresh: () => void;
  readonly facets: ComponentChildren;
}

export function ExploreToolbar({ client, model, onRefresh, facets }: ExploreToolbarProps) {
  const t = messages.value;
  const source = useMemo(
    () =>
      valueSource({
        api: client,
        events: () => model.pages.events.value,
        selection: () => ({
          organizationId: session.value?.organizationId ?? "",
          q: "",
          ...boundsOf(address.value.range, Date.now()),
        }),
      }),
    [client, model],
  );

  function submit(q: string): void {
    if (q === address.value.q) {
      onRefresh();
    } else {
      navigate({ q, eventId: undefined });
    }
  }

  return (
    <div class="toolbar">
      <QueryBar q={address.value.q} source={source} onSubmit={submit} />
      <div class="toolbar-buttons">
        <TimePicker />
        <button
          type="button"
          class="icon-button"
          aria-label={t.refresh}
          title={t.refresh}
          onClick={onRefresh}
        >
          <Icon name="refresh" />
        </button>
        <span class="facets-button">
          <Popover
            label={t.facets.title}
            button={
              <>
                <Icon name="filter" />
                {t.facets.title}
              </>
            }
          >
            {() => facets}
          </Popover>
        </span>
      </div>
    </div>
  );
}
