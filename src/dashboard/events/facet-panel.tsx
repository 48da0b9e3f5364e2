/** The most frequent values of some fields, with counts: a click asks for one, Alt and a click leaves it out. */
import type { ComponentChildren } from "preact";
import type { EventResource } from "../../contract/event.ts";
import { messages } from "../i18n/messages.ts";
import { numberFormat } from "../i18n/time-format.ts";
import { Icon } from "../parts/icon.tsx";
import { shown } from "../parts/shown-text.ts";
import {
  type Conditions,
  conditionsOn,
  type Mode,
  toggleCondition,
} from "../query-bar/query-edit.ts";
import { address, navigate } from "../state/address.ts";
import type { EventCounts, FacetValue } from "./event-counts.ts";
import { FACETS, type FacetName, facetField } from "./facet-names.ts";
import { actorNames } from "./value-source.ts";

export interface FacetPanelProps {
  readonly counts: EventCounts;
  /** Events that are loaded, which name the ids of actors. */
  readonly events: () => readonly EventResource[];
  /** What is asked is no query, and so there is nothing to count. */
  readonly isInvalid: boolean;
  /** Stands above the facets. */
  readonly children?: ComponentChildren;
}

export function FacetPanel({ counts, events, isInvalid, children }: FacetPanelProps) {
  const t = messages.value.facets;
  const { q } = address.value;
  const isFirst = counts.stats.value === undefined;
  if (isInvalid) {
    return <p class="faint facet-note">{messages.value.nothing.invalid}</p>;
  }
  return (
    <div class="facets" aria-busy={counts.isCounting.value}>
      {children}
      {counts.failure.value === undefined ? (
        FACETS.map((name) => (
          <Facet
            key={name}
            name={name}
            counts={counts}
            events={events}
            isLoading={isFirst}
            conditions={conditionsOn(q, facetField(name))}
          />
        ))
      ) : (
        <p class="faint facet-note">{t.failed}</p>
      )}
    </div>
  );
}

interface FacetProps extends Pick<FacetPanelProps, "counts" | "events"> {
  readonly name: FacetName;
  readonly isLoading: boolean;
  readonly conditions: Conditions;
}

function Facet({ name, counts, events, isLoading, conditions }: FacetProps) {
  const t = messages.value.facets;
  const values = shownValues(counts.facets.value[name] ?? [], conditions);
  const most = Math.max(1, ...values.map(({ count }) => count));
  const lowBy = counts.stats.value?.low_by[name] ?? 0;
  const names = name === "actor" ? actorNames(events()) : undefined;
  return (
    <section class="facet">
      <h2>{t.names[name]}</h2>
      {isLoading &&
        [70, 55, 40].map((width) => <span class="ghost" style={{ width: `${width}%` }} />)}
      {!isLoading && values.length === 0 && <p class="faint facet-note">{t.none}</p>}
      <ul>
        {values.map(({ value, count }) => (
          <FacetLine
            key={value}
            value={value}
            name={names?.get(value)}
            count={count}
            share={count / most}
            conditions={conditions}
            onToggle={(mode) =>
              navigate({ q: toggleCondition(address.value.q, facetField(name), value, mode) })
            }
          />
        ))}
      </ul>
      {lowBy > 0 && <p class="faint facet-note">{t.lowBy(numberFormat.value.format(lowBy))}</p>}
    </section>
  );
}

interface FacetLineProps {
  readonly value: string;
  /** What people call the value. */
  readonly name: string | undefined;
  readonly count: number;
  readonly share: number;
  readonly conditions: Conditions;
  readonly onToggle: (mode: Mode) => void;
}

function FacetLine({ value, name, count, share, conditions, onToggle }: FacetLineProps) {
  const t = messages.value.facets;
  const isOnly = conditions.only.has(value);
  const isWithout = conditions.without.has(value);
  const id = shown(value);
  // A name alone could be that of somebody else: an id may have had several, and several ids may have one.
  const label = name === undefined ? id : `${shown(name)} · ${id}`;
  const counted = numberFormat.value.format(count);
  return (
    <li class={`facet-line${isWithout ? " without" : ""}`}>
      <button
        type="button"
        class="facet-value"
        aria-pressed={isOnly}
        title={label}
        onClick={(event) => onToggle(event.altKey ? "without" : "only")}
      >
        <span class="facet-bar" style={{ width: `${share * 100}%` }} />
        <span class="facet-check">{isOnly && <Icon name="check" />}</span>
        {name !== undefined && <bdi class="facet-name">{shown(name)}</bdi>}
        <bdi class={name === undefined ? "" : "faint"}>{id}</bdi>
        <span class="facet-count">
          <span class="only-read-aloud">{t.counted}</span> {isWithout ? "–" : counted}
        </span>
      </button>
      <button
        type="button"
        class="icon-button small quiet facet-exclude"
        aria-pressed={isWithout}
        aria-label={t.without(label)}
        title={t.withoutHint}
        onClick={() => onToggle("without")}
      >
        <Icon name="exclude" />
      </button>
    </li>
  );
}

/** What the query names stays in the list, however rare it is, so that it can be taken back. */
function shownValues(values: readonly FacetValue[], conditions: Conditions): FacetValue[] {
  const named = [...conditions.only, ...conditions.without].filter(
    (value) => !values.some((each) => each.value === value),
  );
  return [...named.map((value) => ({ value, count: 0 })), ...values];
}
