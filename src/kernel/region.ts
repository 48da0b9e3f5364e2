/**
 * Where an organization's object is. Fixed when the organization is created, because an object never moves.
 *
 * A hint is where the platform tries to put the object; a jurisdiction is a promise that it stays there. Only Cloudflare
 * knows either. A server of one's own is where it is, whatever the hint says.
 */
export const LOCATION_HINTS = [
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "apac-ne",
  "apac-se",
  "oc",
  "afr",
  "me",
] as const;

export const JURISDICTIONS = ["eu", "us", "fedramp", "fedramp-high"] as const;

export const REGIONS = [...LOCATION_HINTS, ...JURISDICTIONS] as const;

export type LocationHint = (typeof LOCATION_HINTS)[number];
export type Jurisdiction = (typeof JURISDICTIONS)[number];
export type Region = (typeof REGIONS)[number];

export function isJurisdiction(region: Region): region is Jurisdiction {
  return (JURISDICTIONS as readonly Region[]).includes(region);
}
