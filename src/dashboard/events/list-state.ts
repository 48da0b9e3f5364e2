/** What a person did to a list of events: which one is selected, which ones are open. */
import { type Signal, signal } from "@preact/signals";

export class ListState {
  /** The id of the event that keys act on. */
  readonly selectedId: Signal<string | undefined> = signal(undefined);
  readonly openIds: Signal<ReadonlySet<string>> = signal(new Set<string>());

  toggle(id: string): void {
    const next = new Set(this.openIds.value);
    if (!next.delete(id)) {
      next.add(id);
    }
    this.openIds.value = next;
  }

  closeAll(): void {
    this.openIds.value = new Set();
  }
}
