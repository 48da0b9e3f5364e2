/**
 * What Live shows: the events that arrive, held back while one looks at some of them, and what happened to the
 * connection.
 */
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import type { EventResource } from "../../../contract/event.ts";
import { searchEvents } from "../../api/events.ts";
import type { ApiFailure } from "../../api/failure.ts";
import { TailSocket, type TailOptions, type TailState } from "../../api/tail-socket.ts";
import { ListState } from "../../events/list-state.ts";
import { EventWindow } from "./event-window.ts";
import { Rate } from "./rate.ts";

/** Events from before, so that one does not begin with an empty page. */
const HISTORY = 100;
const SKIPPED_PAGE = 1_000;
/** How often what arrived is drawn: often enough to look live, seldom enough to be read. */
const DRAW_MS = 100;

export interface Skipped {
  readonly from: number;
  readonly to: number;
}

export interface Recovery {
  readonly brokenMs: number;
  /** Events that were stored meanwhile and are here now. */
  readonly count: number;
}

export class LiveModel {
  readonly #options: TailOptions;
  readonly #socket: TailSocket;
  readonly #window = new EventWindow();
  readonly #rate = new Rate();
  readonly list = new ListState();
  readonly state = signal<TailState>({ kind: "connecting" });
  readonly count = signal(0);
  /** Counts up when the list has changed: at its full size, its length does not. */
  readonly version = signal(0);
  /** Events that arrived and are not shown yet, because one looks at others. */
  readonly heldBack = signal(0);
  readonly perSecond = signal(0);
  readonly skipped = signal<readonly Skipped[]>([]);
  readonly isLoadingSkipped = signal(false);
  readonly skippedFailure = signal<ApiFailure | undefined>(undefined);
  readonly recovery = signal<Recovery | undefined>(undefined);
  /** The events from before could not be loaded, or are on their way. */
  readonly isHistoryHere = signal(false);
  readonly isPausedByHand = signal(false);
  readonly isAtTop = signal(true);
  readonly isFollowing = computed(
    () => !this.isPausedByHand.value && this.isAtTop.value && this.list.openIds.value.size === 0,
  );
  #arrived: EventResource[] = [];
  #held: EventResource[] = [];
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setInterval> | undefined;
  #brokenSince: number | undefined;
  #recoveredTo = 0;
  #loading = new AbortController();
  #stopFollowing = () => {};

  constructor(options: TailOptions) {
    this.#options = options;
    this.#socket = new TailSocket(options, {
      onState: (state) => this.#onState(state),
      onHello: (head, after) => this.#onHello(head, after),
      onEvents: (events) => this.#onEvents(events),
      onSkipped: (from, to) => {
        this.skipped.value = [...this.skipped.value, { from, to }];
      },
    });
  }

  start(): void {
    this.#socket.start();
    this.#counting = setInterval(() => {
      this.perSecond.value = this.#rate.perSecond(Date.now());
    }, 1_000);
    this.#stopFollowing = effect(() => {
      if (this.isFollowing.value) {
        untracked(() => this.#draw());
      }
    });
  }

  stop(): void {
    this.#socket.stop();
    this.#loading.abort();
    this.#stopFollowing();
    clearTimeout(this.#drawing);
    clearInterval(this.#counting);
  }

  get organizationId(): string {
    return this.#options.organizationId;
  }

  get q(): string {
    return this.#options.q;
  }

  readonly at = (index: number): EventResource | undefined => this.#window.at(index);
  readonly indexOf = (id: string): number => this.#window.indexOf(id);
  readonly newest = (): readonly EventResource[] => this.#window.newest;
  readonly retryNow = (): void => this.#socket.retryNow();

  /** Shows what was held back, and what comes from now on. */
  readonly follow = (): void => {
    batch(() => {
      this.list.closeAll();
      this.isPausedByHand.value = false;
      this.isAtTop.value = true;
    });
  };

  readonly togglePause = (): void => {
    if (this.isFollowing.value) {
      this.isPausedByHand.value = true;
    } else {
      this.follow();
    }
  };

  /** Loads the events that the server skipped, because this page did not keep up. */
  readonly loadSkipped = async (): Promise<void> => {
    this.isLoadingSkipped.value = true;
    this.skippedFailure.value = undefined;
    for (const skipped of this.skipped.value) {
      const failure = await this.#loadBetween(skipped);
      if (failure !== undefined) {
        this.skippedFailure.value = failure;
        break;
      }
      this.skipped.value = this.skipped.value.filter((each) => each !== skipped);
    }
    this.isLoadingSkipped.value = false;
  };

  #onState(state: TailState): void {
    if (state.kind === "broken") {
      this.#brokenSince = state.since;
      this.recovery.value = undefined;
    }
    this.state.value = state;
  }

  #onHello(head: number, after: number | undefined): void {
    if (after === undefined) {
      void this.#loadHistory(head);
    } else {
      this.#recoveredTo = head;
      this.recovery.value = { brokenMs: Date.now() - (this.#brokenSince ?? Date.now()), count: 0 };
    }
  }

  #onEvents(events: readonly EventResource[]): void {
    this.#rate.add(events.length, Date.now());
    for (const event of events) {
      this.#arrived.push(event);
    }
    const recovered = events.filter(({ seq }) => seq <= this.#recoveredTo).length;
    const { value: recovery } = this.recovery;
    if (recovered > 0 && recovery !== undefined) {
      this.recovery.value = { ...recovery, count: recovery.count + recovered };
    }
    this.#drawing ??= setTimeout(() => this.#draw(), DRAW_MS);
  }

  /** Moves what arrived into the list, or to what is held back. */
  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    const arrived = this.#arrived;
    this.#arrived = [];
    const last = arrived.at(-1);
    if (last !== undefined) {
      this.#socket.acknowledge(last.seq);
    }
    this.#held = this.#held.length === 0 ? arrived : this.#held.concat(arrived);
    if (this.isFollowing.peek()) {
      this.#window.append(this.#held);
      this.#held = [];
    }
    batch(() => {
      this.heldBack.value = this.#held.length;
      this.count.value = this.#window.size;
      this.version.value++;
    });
  }

  async #loadHistory(head: number): Promise<void> {
    await this.#load(`seq:<=${head}`, HISTORY, undefined);
    this.isHistoryHere.value = true;
  }

  async #loadBetween({ from, to }: Skipped): Promise<ApiFailure | undefined> {
    let after: string | undefined;
    do {
      const page = await this.#load(`seq:>=${from} seq:<=${to}`, SKIPPED_PAGE, after);
      if (!page.ok) {
        return page.failure;
      }
      after = page.value.list_metadata.after ?? undefined;
    } while (after !== undefined);
    return undefined;
  }

  async #load(place: string, limit: number, after: string | undefined) {
    const { api, organizationId, q } = this.#options;
    const page = await searchEvents(
      api,
      { organizationId, q: q === "" ? place : `(${q}) ${place}` },
      { limit, after, signal: this.#loading.signal },
    );
    if (page.ok) {
      this.#window.merge(page.value.data);
      this.count.value = this.#window.size;
      this.version.value++;
    }
    return page;
  }
}
