/** What one asks with, in Explore and Live: the query, the view's own buttons, and on a narrow screen the facets. */
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { EventResource } from "../../contract/event.ts";
import type { Api } from "../api/client.ts";
import { session } from "../api/session.ts";
import { messages } from "../i18n/messages.ts";
import { Icon } from "../parts/icon.tsx";
import { Popover } from "../parts/popover.tsx";
import { QueryBar } from "../query-bar/query-bar.tsx";
import { address, navigate } from "../state/address.ts";
import { searchedBounds } from "../state/time-range.ts";
import { valueSource } from "./value-source.ts";

export interface SearchToolbarProps {
  readonly client: Api;
  /** Events that are loaded, whose values are suggested. */
  readonly events: () => readonly EventResource[];
  /** The query that is shown was asked once more. */
  readonly onRefresh?: () => void;
  /** Set to whether the query bar shows a mistake. */
  readonly isJudgedWrong: Signal<boolean>;
  readonly facets: ComponentChildren;
  readonly children: ComponentChildren;
}

export function SearchToolbar(props: SearchToolbarProps) {
  const { client, events, onRefresh, isJudgedWrong, facets, children } = props;
  const t = messages.value;
  const source = useMemo(
    () =>
      valueSource({
        api: client,
        events,
        selection: () => ({
          organizationId: session.value?.organizationId ?? "",
          q: "",
          ...searchedBounds(address.value.range, Date.now()),
        }),
      }),
    [client, events],
  );

  function submit(q: string): void {
    if (q === address.value.q) {
      onRefresh?.();
    } else {
      navigate({ q, eventId: undefined });
    }
  }

  return (
    <div class="toolbar">
      <QueryBar
        q={address.value.q}
        source={source}
        onSubmit={submit}
        isJudgedWrong={isJudgedWrong}
      />
      <div class="toolbar-buttons">
        {children}
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
