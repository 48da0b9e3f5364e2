/** The state of the query bar while one writes in it. */
import { batch, computed, signal } from "@preact/signals";
import { parseQuery } from "../../query/parse.ts";
import type { QueryError } from "../../query/query-error.ts";
import { recentQueries, remember } from "../state/recent-queries.ts";
import { holdsSecret } from "../state/secret.ts";
import { type CaretPlace, placeOf } from "./caret.ts";
import {
  fieldSuggestions,
  recentSuggestions,
  type Suggestion,
  type ValueSource,
  valueSuggestions,
} from "./suggestions.ts";

/** So that typing does not ask the server for every character. */
const VALUES_DELAY_MS = 120;

export class QueryModel {
  readonly #source: () => ValueSource;
  readonly text = signal("");
  readonly caret = signal(0);
  readonly suggestions = signal<readonly Suggestion[]>([]);
  readonly isOpen = signal(false);
  /** Index of the suggestion that Enter takes; -1 for none. */
  readonly active = signal(-1);
  /** Errors are shown of a query that was asked, not while one writes. */
  readonly isJudged = signal(false);
  readonly error = computed((): QueryError | undefined => {
    const query = parseQuery(this.text.value);
    return this.isJudged.value && !query.ok && !this.hasSecret.value ? query.failure : undefined;
  });
  /** A key or a token was pasted here: it leaves this field for nowhere, and that is said at once. */
  readonly hasSecret = computed(() => holdsSecret(this.text.value));
  /** What is written is not what the view shows. */
  readonly isWrong = computed(() => this.hasSecret.value || this.error.value !== undefined);
  #lookUp = new AbortController();
  /** The field whose values are offered. */
  #offeredField: string | undefined;

  constructor(source: () => ValueSource) {
    this.#source = source;
  }

  /** Shows a query that came from elsewhere. */
  show(q: string): void {
    batch(() => {
      this.text.value = q;
      this.isJudged.value = q !== "";
      this.close();
    });
  }

  write(text: string, caret: number): void {
    batch(() => {
      this.text.value = text;
      this.caret.value = caret;
      this.isJudged.value = false;
    });
    void this.suggest();
  }

  /** @returns the query, when it is one. */
  submit(): string | undefined {
    const q = this.text.value.trim();
    this.isJudged.value = true;
    this.close();
    if (this.isWrong.value) {
      return undefined;
    }
    remember(q);
    return q;
  }

  close(): void {
    this.#lookUp.abort();
    this.isOpen.value = false;
    this.active.value = -1;
  }

  move(step: 1 | -1): void {
    const { length } = this.suggestions.value;
    if (length > 0) {
      // One more place than suggestions: on none of them.
      this.active.value = ((this.active.value + 1 + step + length + 1) % (length + 1)) - 1;
    }
  }

  /** Puts a suggestion where it belongs. @returns where the caret goes. */
  take(suggestion: Suggestion): number {
    const { value: text } = this.text;
    const { from, to } = placeOf(text, this.caret.value);
    const isWhole = suggestion.group === "recent";
    const head = isWhole ? "" : text.slice(0, from);
    const tail = isWhole ? "" : text.slice(to).replace(/^ /, "");
    const caret = head.length + suggestion.insert.length;
    this.write(`${head}${suggestion.insert}${tail}`, caret);
    return caret;
  }

  /** @param options.isAsked a person wants to see what there is, and not only what fits what is written. */
  async suggest(options: { readonly isAsked?: boolean } = {}): Promise<void> {
    this.#lookUp.abort();
    const lookUp = new AbortController();
    this.#lookUp = lookUp;
    const text = this.text.value;
    if (this.hasSecret.value) {
      // To look up values would send it, in an address.
      this.close();
      return;
    }
    const place = placeOf(text, this.caret.value);
    if (place.typed === "" && place.field === undefined && text !== "" && !options.isAsked) {
      this.close();
      return;
    }
    if (place.field === undefined) {
      const recent = text.trim() === "" ? recentSuggestions(recentQueries.value) : [];
      this.#offer([...recent, ...fieldSuggestions(place, this.#source())]);
      return;
    }
    this.#narrow(place);
    await new Promise((resolve) => setTimeout(resolve, VALUES_DELAY_MS));
    if (lookUp.signal.aborted) {
      return;
    }
    const { field } = place;
    const found = await valueSuggestions(field, place, this.#source(), lookUp.signal);
    if (!lookUp.signal.aborted) {
      // Who has chosen one of those that were there before need not choose it again.
      this.#offer(found, this.suggestions.value[this.active.value]);
    }
  }

  /** Until the values that fit are here, those that were offered and fit no more are gone. */
  #narrow({ field, typed }: CaretPlace): void {
    const offered = this.#offeredField === field ? this.suggestions.value : [];
    this.#offeredField = field;
    this.#offer(
      offered.filter(
        ({ group, label }) =>
          group === "value" && label.toLowerCase().startsWith(typed.toLowerCase()),
      ),
    );
  }

  #offer(suggestions: readonly Suggestion[], active?: Suggestion): void {
    batch(() => {
      this.suggestions.value = suggestions;
      this.active.value = suggestions.findIndex(({ label }) => label === active?.label);
      this.isOpen.value = suggestions.length > 0;
    });
  }
}
