/** One event of the list: its row, and below it, when it is open, all that it says. */
import { useMemo } from "preact/hooks";
import type { EventResource } from "../../contract/event.ts";
import { messages } from "../i18n/messages.ts";
import { timeFormat } from "../i18n/time-format.ts";
import { shown } from "../parts/shown-text.ts";
import { cellText } from "./columns.ts";
import { EventDetail } from "./event-detail.tsx";
import type { ListState } from "./list-state.ts";
import { toneOf } from "./tone.ts";

export interface EventRowProps {
  readonly event: EventResource;
  readonly rowIndex: number;
  readonly columns: readonly string[];
  readonly state: ListState;
  /** Whether Tab comes to this row: one of all rows. */
  readonly isReachable: boolean;
}

export function EventRow({ event, rowIndex, columns, state, isReachable }: EventRowProps) {
  const isOpen = state.openIds.value.has(event.id);
  const isSelected = state.selectedId.value === event.id;
  // The same cells again cost nothing while one scrolls.
  const cells = useMemo(
    () => cellsOf(event, columns),
    [event, columns, timeFormat.value, messages.value],
  );

  function onClick(): void {
    // Whoever selects text does not want the row to open.
    if (getSelection()?.isCollapsed === false) {
      return;
    }
    state.selectedId.value = event.id;
    state.toggle(event.id);
  }

  return (
    <>
      <div
        class="event-row"
        role="row"
        aria-level={1}
        aria-rowindex={rowIndex}
        aria-expanded={isOpen}
        aria-selected={isSelected}
        tabIndex={isReachable ? 0 : -1}
        data-event={event.id}
        onClick={onClick}
        onFocus={() => {
          state.selectedId.value = event.id;
        }}
      >
        {cells}
      </div>
      {isOpen && (
        <div class="event-open" role="row" aria-level={2}>
          <div role="gridcell" aria-colspan={columns.length}>
            <EventDetail event={event} />
          </div>
        </div>
      )}
    </>
  );
}

function cellsOf(event: EventResource, columns: readonly string[]) {
  return columns.map((column) => (
    <div key={column} role="gridcell" class={`cell ${column.replace(".", "-")}`}>
      <Cell event={event} column={column} />
    </div>
  ));
}

function Cell({ event, column }: { readonly event: EventResource; readonly column: string }) {
  const text = shown(cellText(event, column));
  switch (column) {
    case "time":
      return (
        <time
          dateTime={event.occurred_at}
          title={timeFormat.value.full(Date.parse(event.occurred_at))}
        >
          {text}
        </time>
      );
    case "action":
      return (
        <>
          <span class={`tone ${toneOf(event.action)}`} />
          <bdi>{text}</bdi>
        </>
      );
    case "target":
      return <TargetCell event={event} text={text} />;
    default:
      return <bdi>{text}</bdi>;
  }
}

function TargetCell({ event, text }: { readonly event: EventResource; readonly text: string }) {
  const [first, ...others] = event.targets;
  const t = messages.value.list;
  if (first === undefined) {
    return <span class="faint">–</span>;
  }
  return (
    <>
      <bdi>{text}</bdi>
      <bdi class="faint kind">{shown(first.type)}</bdi>
      {others.length > 0 && <span class="faint">{t.more(others.length)}</span>}
    </>
  );
}
