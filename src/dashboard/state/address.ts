/**
 * Where in the dashboard one is: view, organization, query, time, columns, event. All of it stands in the URL, so that
 * a link shows what its sender saw, and the browser's Back undoes a change.
 */
import { computed, signal } from "@preact/signals";
import { isEmbedded } from "../embed/is-embedded.ts";
import { preferredColumns, preferredZone, type Zone, ZONES } from "./preferences.ts";
import { holdsSecret } from "./secret.ts";
import { DEFAULT_RANGE, rangeOfParameters, rangeParameters, type TimeRange } from "./time-range.ts";

export const VIEWS = ["explore", "live", "exports", "settings", "portal"] as const;
export type View = (typeof VIEWS)[number];

export interface Address {
  readonly view: View;
  /** Undefined until one is chosen. */
  readonly organizationId: string | undefined;
  readonly q: string;
  readonly range: TimeRange;
  readonly zone: Zone;
  /** Names of columns; undefined for the usual ones. */
  readonly columns: readonly string[] | undefined;
  /** The id of an event that a link points to. */
  readonly eventId: string | undefined;
}

/** A key or a token was kept out of the address; who says so sets it back. */
export const isSecretKeptOut = signal(false);

export const address = signal<Address>(here());

/** The parts that views depend on one by one, so that each changes only when it does. */
export const view = computed(() => address.value.view);
export const zone = computed(() => address.value.zone);

addEventListener("popstate", () => {
  address.value = here();
});

/**
 * Goes to another place; what is not named stays, and so does what would put a key or a token into the address. With
 * `replace`, Back does not return to the place left.
 */
export function navigate(change: Partial<Address>, options: { readonly replace?: boolean } = {}) {
  const next = { ...address.value, ...change };
  if (holdsSecret(`${next.q} ${next.organizationId}`)) {
    isSecretKeptOut.value = true;
    return;
  }
  const url = urlOf(next);
  address.value = next;
  if (url !== location.pathname + location.search) {
    history[options.replace === true ? "replaceState" : "pushState"](null, "", url);
  }
}

/** Goes to a place that `urlOf` gave. */
export function goTo(url: string): void {
  history.pushState(null, "", url);
  address.value = here();
}

export function chooseZone(chosen: Zone): void {
  preferredZone.value = chosen;
  navigate({ zone: chosen }, { replace: true });
}

/** The path and query that show this place. */
export function urlOf(place: Address): string {
  const parameters = new URLSearchParams();
  if (place.organizationId !== undefined && place.organizationId !== "") {
    parameters.set("organization", place.organizationId);
  }
  if (place.q !== "") {
    parameters.set("q", place.q);
  }
  for (const [name, value] of rangeParameters(place.range)) {
    parameters.set(name, value);
  }
  if (place.zone !== "local") {
    parameters.set("zone", place.zone);
  }
  if (place.columns !== undefined) {
    parameters.set("columns", place.columns.join(","));
  }
  if (place.eventId !== undefined) {
    parameters.set("event", place.eventId);
  }
  if (isEmbedded && place.view !== "explore") {
    parameters.set("view", place.view);
  }
  const path = pathOf(place.view);
  return parameters.size === 0 ? path : `${path}?${readable(parameters)}`;
}

/** In a frame the path says that it is one, and the view stands beside it. */
function pathOf(view: View): string {
  if (isEmbedded) {
    return "/embed";
  }
  return view === "explore" ? "/" : `/${view}`;
}

/** The link to one event, whatever the query and the time are. */
export function eventUrl(organizationId: string, eventId: string): string {
  const { zone } = address.value;
  return urlOf({ ...EMPTY, zone, organizationId, eventId });
}

const EMPTY: Address = {
  view: "explore",
  organizationId: undefined,
  q: "",
  range: DEFAULT_RANGE,
  zone: "local",
  columns: undefined,
  eventId: undefined,
};

/** What the browser's address says. A key or a token in it does not stay where it is seen and kept. */
function here(): Address {
  const place = parse(new URL(location.href));
  if (!holdsSecret(`${place.q} ${place.organizationId}`)) {
    return place;
  }
  const harmless: Address = {
    ...place,
    q: holdsSecret(place.q) ? "" : place.q,
    organizationId: holdsSecret(place.organizationId ?? "") ? undefined : place.organizationId,
  };
  isSecretKeptOut.value = true;
  history.replaceState(null, "", urlOf(harmless));
  return harmless;
}

/** What a link does not say is as the person of this browser prefers it. */
function parse({ pathname, searchParams }: URL): Address {
  const name = isEmbedded ? searchParams.get("view") : pathname.slice(1);
  return {
    view: VIEWS.find((each) => each === name) ?? "explore",
    organizationId: searchParams.get("organization") ?? undefined,
    q: searchParams.get("q") ?? "",
    range: rangeOfParameters(searchParams),
    zone: ZONES.find((each) => each === searchParams.get("zone")) ?? preferredZone.value,
    columns:
      searchParams.get("columns")?.split(",").filter(Boolean).slice(0, 20) ??
      preferredColumns.value,
    eventId: searchParams.get("event") ?? undefined,
  };
}

/** Colons, commas and slashes may stand in a query string as they are, and people read it. */
function readable(parameters: URLSearchParams): string {
  return parameters.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/");
}
