/** The text of the field, drawn behind it in colours, with a line under what is wrong. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { lex, type Token } from "../../query/lex.ts";
import type { QueryModel } from "./query-model.ts";

export interface QueryTextProps {
  readonly model: QueryModel;
  readonly input: { readonly current: HTMLInputElement | null };
}

export function QueryText({ model, input }: QueryTextProps) {
  const layer = useRef<HTMLDivElement>(null);
  const text = model.text.value;
  const error = model.error.value;
  useLayoutEffect(() => {
    // A long text scrolls in the field, and the colours with it.
    const field = input.current;
    function follow(): void {
      if (layer.current !== null && field !== null) {
        layer.current.scrollLeft = field.scrollLeft;
      }
    }
    follow();
    field?.addEventListener("scroll", follow);
    return () => field?.removeEventListener("scroll", follow);
  }, [input, text]);
  return (
    <div ref={layer} class="query-text" aria-hidden="true">
      {error === undefined ? (
        colouredText(text)
      ) : (
        <>
          {text.slice(0, error.at)}
          <mark>{text.slice(error.at, error.at + error.length) || " "}</mark>
          {text.slice(error.at + error.length)}
        </>
      )}
    </div>
  );
}

function colouredText(text: string) {
  const tokens = lex(text);
  if (!tokens.ok) {
    return text;
  }
  const parts = [];
  let at = 0;
  for (const token of tokens.value) {
    const end = token.at + markedLength(token);
    parts.push(text.slice(at, token.at));
    parts.push(
      <span class={token.kind === "term" ? "query-name" : "query-mark"}>
        {text.slice(token.at, end)}
      </span>,
    );
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** Of a term, the name of the field and the colon. */
function markedLength(token: Token): number {
  if (token.kind !== "term") {
    return token.length;
  }
  return token.field === undefined ? 0 : token.field.length + 1;
}
