/** The list below the query field. The focus stays in the field; the active option is told by its id. */
import { useEffect, useRef } from "preact/hooks";
import { messages } from "../i18n/messages.ts";
import { shown } from "../parts/shown-text.ts";
import type { QueryModel } from "./query-model.ts";
import type { Suggestion } from "./suggestions.ts";

export interface SuggestionListProps {
  readonly model: QueryModel;
  readonly id: string;
  readonly onTake: (index: number) => void;
}

export function SuggestionList({ model, id, onTake }: SuggestionListProps) {
  const t = messages.value.query;
  const list = useRef<HTMLUListElement>(null);
  const suggestions = model.suggestions.value;
  const active = model.active.value;
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      <ul
        ref={list}
        id={`${id}-list`}
        class="suggestions"
        role="listbox"
        aria-label={t.label}
        hidden={!model.isOpen.value}
      >
        {suggestions.map((suggestion, index) => (
          <li
            key={`${suggestion.group} ${suggestion.label}`}
            id={`${id}-${index}`}
            class={`suggestion ${suggestion.group}${startsGroup(suggestions, index) ? " first" : ""}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus, which would close the list.
            onMouseDown={(event) => {
              event.preventDefault();
              onTake(index);
            }}
          >
            <bdi class="mono">{shown(suggestion.label)}</bdi>
            <bdi class="faint">{shown(suggestion.detail)}</bdi>
          </li>
        ))}
      </ul>
      <p class="only-read-aloud" role="status">
        {model.isOpen.value ? t.suggestions(suggestions.length) : ""}
      </p>
    </>
  );
}

function startsGroup(suggestions: readonly Suggestion[], index: number): boolean {
  return index > 0 && suggestions[index - 1]?.group !== suggestions[index]?.group;
}
