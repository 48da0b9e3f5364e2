/** Which columns the list has. The choice is kept in this browser, and in the link to the view. */
import type { EventResource } from "../../contract/event.ts";
import { messages } from "../i18n/messages.ts";
import { fieldText } from "../parts/form-field.ts";
import { Icon } from "../parts/icon.tsx";
import { Popover } from "../parts/popover.tsx";
import { shown } from "../parts/shown-text.ts";
import { address, navigate } from "../state/address.ts";
import { preferredColumns } from "../state/preferences.ts";
import { columnLabel, METADATA_PREFIX, OTHER_COLUMNS, USUAL_COLUMNS } from "./columns.ts";

/** Names of metadata that are offered, of the events that were looked at last. */
const NAMES_MAX = 24;

export interface ColumnPickerProps {
  readonly events: () => readonly EventResource[];
}

export function ColumnPicker({ events }: ColumnPickerProps) {
  const t = messages.value.columns;
  return (
    <Popover
      label={t.choose}
      title={t.choose}
      buttonClass="button quiet small columns-button"
      button={
        <>
          <Icon name="columns" />
          {t.title}
        </>
      }
    >
      {() => <ColumnMenu events={events()} />}
    </Popover>
  );
}

function ColumnMenu({ events }: { readonly events: readonly EventResource[] }) {
  const t = messages.value.columns;
  const chosen = address.value.columns ?? USUAL_COLUMNS;
  const known = [...USUAL_COLUMNS, ...OTHER_COLUMNS];
  const metadata = [
    ...new Set([...chosen.filter((name) => !known.includes(name)), ...seen(events)]),
  ];

  function add(event: SubmitEvent): void {
    event.preventDefault();
    const name = fieldText(event, "name").replace(METADATA_PREFIX, "");
    if (name !== "") {
      choose([...chosen, METADATA_PREFIX + name]);
      (event.currentTarget as HTMLFormElement).reset();
    }
  }

  return (
    <div class="column-menu">
      <ColumnGroup names={known} chosen={chosen} />
      <div>
        <p class="menu-title">{t.metadata}</p>
        <ColumnGroup names={metadata} chosen={chosen} />
        <form onSubmit={add}>
          <input class="input mono" name="name" aria-label={t.add} placeholder={t.add} />
        </form>
      </div>
      <button type="button" class="button small" onClick={() => choose(undefined)}>
        {t.reset}
      </button>
    </div>
  );
}

interface ColumnGroupProps {
  readonly names: readonly string[];
  readonly chosen: readonly string[];
}

function ColumnGroup({ names, chosen }: ColumnGroupProps) {
  return (
    <div class="column-group">
      {names.map((name) => (
        <label key={name} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={() => choose(toggled(chosen, name))}
          />
          <bdi>{shown(columnLabel(name))}</bdi>
        </label>
      ))}
    </div>
  );
}

/** The last column stays: a list without any shows nothing. */
function toggled(chosen: readonly string[], name: string): readonly string[] {
  if (!chosen.includes(name)) {
    return [...chosen, name];
  }
  return chosen.length === 1 ? chosen : chosen.filter((each) => each !== name);
}

function choose(columns: readonly string[] | undefined): void {
  preferredColumns.value = columns;
  navigate({ columns }, { replace: true });
}

function seen(events: readonly EventResource[]): string[] {
  const names = events.slice(0, 200).flatMap(({ metadata }) => Object.keys(metadata));
  return [...new Set(names)]
    .sort()
    .slice(0, NAMES_MAX)
    .map((name) => METADATA_PREFIX + name);
}
