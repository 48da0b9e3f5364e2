/** Whose log an event belongs to: the account on GitHub that owns what it happened to. */
import { firstScalar, type Payload } from "./payloads.ts";

/** Accounts with fewer events than this share one organization, so that each has something to look at. */
const EVENTS_MIN = 10;
const SHARED_ORGANIZATION = "github_others";

/** From what the event happened to, to who did it. */
const OWNER_PATHS = [
  "repository.owner.login",
  "organization.login",
  "installation.account.login",
  "marketplace_purchase.account.login",
  "sponsorship.sponsorable.login",
  "sender.login",
];

/** The id of the organization of each payload, in the same order. */
export function organizationIds(payloads: readonly Payload[]): string[] {
  const ids = payloads.map(ownOrganizationId);
  const events = Map.groupBy(ids, (id) => id);
  return ids.map((id) => ((events.get(id)?.length ?? 0) < EVENTS_MIN ? SHARED_ORGANIZATION : id));
}

function ownOrganizationId(payload: Payload): string {
  const login = firstScalar(payload, OWNER_PATHS);
  return login === undefined
    ? SHARED_ORGANIZATION
    : `github_${String(login)
        .toLowerCase()
        .replaceAll(/[^a-z0-9_.:-]/g, "_")}`;
}
