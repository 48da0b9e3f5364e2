/**
 * The list of events that Explore and Live share: rows of any number, of which one is selected and some are open.
 *
 * It is a treegrid (ARIA APG): rows are reached by the arrow keys, and opened by Enter. It does not know where its
 * events come from.
 */
import type { VirtualItem } from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import type { EventResource } from "../../contract/event.ts";
import { messages } from "../i18n/messages.ts";
import { shown } from "../parts/shown-text.ts";
import { isTyping } from "../parts/typing.ts";
import { columnLabel, gridOf } from "./columns.ts";
import { EventRow } from "./event-row.tsx";
import type { ListState } from "./list-state.ts";
import { isNarrow } from "./narrow.ts";
import { useVirtualRows, type VirtualRows } from "./use-virtual-rows.ts";

const ROW_PX = 34;
const NARROW_ROW_PX = 58;
const HEADER_PX = 32;
/** How near the end of what is loaded, in rows, more is asked for. */
const NEAR_END_ROWS = 30;

export interface EventListProps {
  readonly count: number;
  readonly at: (index: number) => EventResource | undefined;
  readonly indexOf: (id: string) => number;
  readonly columns: readonly string[];
  readonly state: ListState;
  /** There may be more after the last. */
  readonly hasMore: boolean;
  readonly onNearEnd?: () => void;
  /** Changes when the events did, where their number does not tell. */
  readonly version?: number;
  /** The newest event stays in sight. */
  readonly isFollowing?: boolean;
  readonly onScroll?: (isAtTop: boolean) => void;
  /** What stands after the last row. */
  readonly children?: ComponentChildren;
}

export function EventList(props: EventListProps) {
  const { count, at, columns, state, hasMore, onNearEnd, onScroll } = props;
  const t = messages.value;
  const scroller = useRef<HTMLDivElement>(null);
  const selectedId = state.selectedId.value;
  const selectedIndex = selectedId === undefined ? -1 : props.indexOf(selectedId);
  const rows = useVirtualRows({
    count,
    rowHeight: isNarrow.value ? NARROW_ROW_PX : ROW_PX,
    headerHeight: isNarrow.value ? 0 : HEADER_PX,
    scroller,
    // Events that move to other places have other keys there, also when there are as many as before.
    keyAt: useCallback((index: number) => at(index)?.id ?? String(index), [at, props.version]),
    keptIndex: selectedIndex,
  });
  const items = rows.getVirtualItems();
  const grid = gridOf(columns);
  const last = items.reduce((max, { index }) => Math.max(max, index), -1);
  useEffect(() => {
    if (hasMore && last >= count - NEAR_END_ROWS) {
      onNearEnd?.();
    }
  }, [last, count, hasMore, onNearEnd]);

  useEffect(() => {
    if (props.isFollowing === true) {
      scroller.current?.scrollTo(0, 0);
    }
  }, [props.isFollowing]);

  function select(index: number): void {
    const event = at(Math.max(0, Math.min(count - 1, index)));
    if (event === undefined) {
      return;
    }
    state.selectedId.value = event.id;
    rows.scrollToIndex(props.indexOf(event.id));
    requestAnimationFrame(() => {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-event="${event.id}"]`)
        ?.focus({ preventScroll: true });
    });
  }
  useListKeys({ select, selectedIndex, state, scroller });

  return (
    <div
      ref={scroller}
      class="events"
      role="treegrid"
      aria-label={t.list.label}
      aria-rowcount={hasMore ? -1 : count + 1}
      aria-colcount={columns.length}
      style={{ "--tracks": grid.tracks, "--width": grid.width }}
      onScroll={() => onScroll?.((scroller.current?.scrollTop ?? 0) < 4)}
    >
      <Header columns={columns} />
      <Rows
        {...props}
        items={items}
        height={rows.getTotalSize()}
        measure={rows.measureElement}
        selectedIndex={selectedIndex}
      />
      {props.children}
    </div>
  );
}

function Header({ columns }: { readonly columns: readonly string[] }) {
  return (
    <div class="event-header" role="row" aria-rowindex={1}>
      {columns.map((column) => (
        <div key={column} role="columnheader" class="cell">
          {shown(columnLabel(column))}
        </div>
      ))}
    </div>
  );
}

interface RowsProps extends EventListProps {
  readonly items: readonly VirtualItem[];
  readonly height: number;
  readonly measure: VirtualRows["measureElement"];
  readonly selectedIndex: number;
}

function Rows({ items, height, measure, selectedIndex, at, columns, state }: RowsProps) {
  const reachable = Math.max(0, selectedIndex);
  return (
    <div class="event-rows" role="presentation" style={{ height: `${height}px` }}>
      {items.map(({ index, start, key }) => {
        const event = at(index);
        return (
          event && (
            <div
              key={key}
              ref={measure}
              data-index={index}
              class="event"
              role="presentation"
              style={{ transform: `translateY(${start}px)` }}
            >
              <EventRow
                event={event}
                rowIndex={index + 2}
                columns={columns}
                state={state}
                isReachable={index === reachable}
              />
            </div>
          )
        );
      })}
    </div>
  );
}

interface ListKeys {
  readonly select: (index: number) => void;
  readonly selectedIndex: number;
  readonly state: ListState;
  readonly scroller: { readonly current: HTMLDivElement | null };
}

/** `j` and `k` work anywhere but where one types; the others where the focus is on a row. */
function useListKeys(keys: ListKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const { select, selectedIndex, state, scroller } = latest.current;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const id = (event.target as HTMLElement).dataset["event"];
      const page = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2;
      const step = id === undefined ? LETTER_STEPS[event.key] : ROW_STEPS(page)[event.key];
      if (step !== undefined) {
        event.preventDefault();
        select(selectedIndex + step);
      } else if (id !== undefined && changeRow(state, id, event.key)) {
        event.preventDefault();
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

const LETTER_STEPS: Readonly<Record<string, number>> = { j: 1, k: -1 };
const ROW_STEPS = (page: number): Readonly<Record<string, number>> => ({
  ...LETTER_STEPS,
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: page,
  PageUp: -page,
  Home: -Infinity,
  End: Infinity,
});

/** Opens or closes a row. @returns whether the key is one that does. */
function changeRow(state: ListState, id: string, key: string): boolean {
  const isOpen = state.openIds.value.has(id);
  if (key === "Enter" || key === " " || key === (isOpen ? "ArrowLeft" : "ArrowRight")) {
    state.toggle(id);
    return true;
  }
  if (key === "Escape") {
    state.closeAll();
    return true;
  }
  return false;
}
