/** The field in which one writes a query: a combobox (ARIA APG) that suggests fields and values. */
import type { Signal } from "@preact/signals";
import { useId, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { problemText } from "../../query/query-error.ts";
import { messages } from "../i18n/messages.ts";
import { Icon } from "../parts/icon.tsx";
import { isTyping } from "../parts/typing.ts";
import { QueryModel } from "./query-model.ts";
import { QueryText } from "./query-text.tsx";
import { SuggestionList } from "./suggestion-list.tsx";
import type { ValueSource } from "./suggestions.ts";

export interface QueryBarProps {
  readonly q: string;
  readonly source: ValueSource;
  readonly onSubmit: (q: string) => void;
  /** Set to whether what stands in the field was asked and is no query, so that nothing is shown as its result. */
  readonly isJudgedWrong: Signal<boolean>;
}

export function QueryBar({ q, source, onSubmit, isJudgedWrong }: QueryBarProps) {
  const t = messages.value.query;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const latestSource = useRef(source);
  latestSource.current = source;
  const model = useMemo(() => new QueryModel(() => latestSource.current), []);
  useEffect(() => model.show(q), [model, q]);
  useSlashKey(input);
  const isWrong = model.isWrong.value;
  useLayoutEffect(() => {
    isJudgedWrong.value = isWrong;
  }, [isWrong, isJudgedWrong]);

  function submit(): void {
    const query = model.submit();
    if (query === undefined) {
      input.current?.focus();
    } else {
      onSubmit(query);
    }
  }

  function take(index: number): void {
    const suggestion = model.suggestions.value[index];
    if (suggestion === undefined) {
      return;
    }
    const caret = model.take(suggestion);
    // After the new text is in the field, where the caret would go to its end.
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(caret, caret);
    });
  }

  const error = model.error.value;
  return (
    <search class="query-bar">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Icon name="search" />
        <QueryInput model={model} id={id} input={input} onTake={take} />
        {model.text.value === "" ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <button
            type="button"
            class="icon-button small quiet"
            aria-label={t.clear}
            onClick={() => {
              model.show("");
              onSubmit("");
              input.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </form>
      <p id={`${id}-error`} class="query-error" role="alert">
        {model.hasSecret.value
          ? t.secret
          : error && t.errorAt(error.at + 1, problemText(t.errors, error))}
      </p>
      <SuggestionList model={model} id={id} onTake={take} />
    </search>
  );
}

interface QueryInputProps {
  readonly model: QueryModel;
  readonly id: string;
  readonly input: { readonly current: HTMLInputElement | null };
  readonly onTake: (index: number) => void;
}

function QueryInput({ model, id, input, onTake }: QueryInputProps) {
  const t = messages.value.query;
  const isOpen = model.isOpen.value;
  const active = model.active.value;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (model.isOpen.value) {
        model.move(event.key === "ArrowDown" ? 1 : -1);
      } else {
        void model.suggest({ isAsked: true });
      }
    } else if ((event.key === "Enter" || event.key === "Tab") && model.active.value !== -1) {
      event.preventDefault();
      onTake(model.active.value);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (model.isOpen.value) {
        model.close();
      } else {
        input.current?.blur();
      }
    }
  }

  return (
    <div class="query-field">
      <QueryText model={model} input={input} />
      <input
        ref={input}
        class="query-input"
        value={model.text.value}
        role="combobox"
        aria-label={t.label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen && active !== -1 ? `${id}-${active}` : undefined}
        aria-invalid={model.isWrong.value}
        aria-describedby={`${id}-error`}
        placeholder={t.placeholder}
        autoComplete="off"
        autocapitalize="off"
        spellcheck={false}
        enterKeyHint="search"
        onInput={({ currentTarget }) =>
          model.write(currentTarget.value, currentTarget.selectionStart ?? 0)
        }
        onClick={({ currentTarget }) => {
          model.caret.value = currentTarget.selectionStart ?? 0;
          void model.suggest({ isAsked: true });
        }}
        onKeyDown={onKeyDown}
        onBlur={() => model.close()}
      />
    </div>
  );
}

/** `/` brings the focus here, from wherever nothing is typed. */
function useSlashKey(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target)) {
        event.preventDefault();
        input.current?.focus();
        input.current?.select();
      }
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [input]);
}
