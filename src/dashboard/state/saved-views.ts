/** Views that a person gave a name, in this browser: the path and query that show them again. */
import { storedSignal } from "./stored.ts";

export interface SavedView {
  readonly name: string;
  readonly url: string;
}

export const savedViews = storedSignal<readonly SavedView[]>("views", (value) =>
  Array.isArray(value) ? value.filter(isSavedView) : [],
);

/** A name that is there already means the new view from now on. */
export function saveView(view: SavedView): void {
  savedViews.value = [...savedViews.value.filter(({ name }) => name !== view.name), view];
}

export function removeView(name: string): void {
  savedViews.value = savedViews.value.filter((each) => each.name !== name);
}

/** Only paths of this dashboard: what is stored may have been written by anybody. */
function isSavedView(value: unknown): value is SavedView {
  const { name, url } = (value ?? {}) as Partial<SavedView>;
  return typeof name === "string" && typeof url === "string" && /^\/(?!\/)/.test(url);
}
