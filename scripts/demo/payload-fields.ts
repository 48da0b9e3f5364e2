/**
 * Which fields of a webhook payload go into an audit event. These are tables only; `audit-event.ts` reads them.
 *
 * Everything is a path into the payload, so that an event can hold nothing that GitHub did not send.
 */

export interface TargetField {
  /** The target's type in the event. */
  readonly type: string;
  /** Where the object, or the list of objects, stands; by default under the name of the type. */
  readonly path?: string;
  /** Where its id stands, the first that is there; by default `id`. */
  readonly ids?: readonly string[];
  /** Where its name stands, the first that is there. Comments and the like have none. */
  readonly names?: readonly string[];
  /** Only for these webhooks; others carry the object without acting on it. */
  readonly webhooks?: readonly string[];
}

/** What an event is about stands first, what that belongs to stands last. */
export const TARGET_FIELDS: readonly TargetField[] = [
  { type: "issue", names: ["title"] },
  { type: "pull_request", names: ["title"] },
  { type: "discussion", names: ["title"] },
  { type: "deployment", names: ["environment"] },
  { type: "release", names: ["name", "tag_name"] },
  { type: "workflow_job", names: ["name"] },
  { type: "workflow_run", names: ["name"] },
  { type: "workflow", names: ["name"] },
  { type: "check_run", names: ["name"] },
  { type: "check_suite" },
  {
    type: "alert",
    ids: ["id", "number"],
    names: ["rule.description", "security_advisory.summary", "affected_package_name"],
  },
  { type: "branch_protection_rule", path: "rule", names: ["name"] },
  { type: "deploy_key", path: "key", names: ["title"] },
  { type: "package", names: ["name"] },
  { type: "webhook", path: "hook", names: ["name"] },
  { type: "merge_group", ids: ["head_sha"], names: ["head_ref"] },
  { type: "plan", path: "marketplace_purchase.plan", names: ["name"] },
  { type: "sponsorship", ids: ["node_id"] },
  { type: "project", names: ["name"] },
  { type: "project_column", names: ["name"] },
  { type: "project_card", names: ["note"] },
  { type: "projects_v2_item" },
  { type: "label", names: ["name"] },
  { type: "milestone", names: ["title"] },
  { type: "comment" },
  { type: "review" },
  { type: "thread", ids: ["node_id"] },
  { type: "deployment_status" },
  { type: "commit", path: "head_commit", names: ["message"] },
  { type: "commit", ids: ["sha"], names: ["commit.message"] },
  { type: "page", path: "pages", ids: ["sha"], names: ["title"] },
  { type: "member", names: ["login"] },
  { type: "member", path: "membership.user", names: ["login"] },
  { type: "assignee", names: ["login"] },
  { type: "requested_reviewer", names: ["login"] },
  { type: "requested_team", names: ["name"] },
  { type: "blocked_user", names: ["login"] },
  { type: "invitation", names: ["login"] },
  { type: "sponsorable", path: "sponsorship.sponsorable", names: ["login"] },
  { type: "account", path: "marketplace_purchase.account", names: ["login"] },
  { type: "team", names: ["name"] },
  { type: "fork", path: "forkee", names: ["full_name"] },
  {
    type: "installation",
    names: ["account.login"],
    webhooks: ["installation", "installation_repositories"],
  },
  { type: "repository", path: "repositories", names: ["full_name"] },
  { type: "repository", path: "repositories_added", names: ["full_name"] },
  { type: "repository", path: "repositories_removed", names: ["full_name"] },
  { type: "repository", names: ["full_name"] },
  { type: "organization", names: ["login"] },
];

/** Metadata by name, each from the first of its paths that the payload has. */
export const METADATA_FIELDS: Readonly<Record<string, readonly string[]>> = {
  number: ["number", "issue.number", "pull_request.number", "discussion.number", "alert.number"],
  state: [
    "state",
    "issue.state",
    "review.state",
    "pull_request.state",
    "discussion.state",
    "deployment_status.state",
    "alert.state",
    "milestone.state",
    "project.state",
  ],
  status: [
    "status",
    "workflow_job.status",
    "workflow_run.status",
    "check_run.status",
    "check_suite.status",
    "build.status",
  ],
  conclusion: [
    "workflow_job.conclusion",
    "workflow_run.conclusion",
    "check_run.conclusion",
    "check_suite.conclusion",
  ],
  ref: ["ref", "deployment.ref"],
  ref_type: ["ref_type"],
  before: ["before"],
  after: ["after"],
  forced: ["forced"],
  sha: [
    "sha",
    "workflow_job.head_sha",
    "workflow_run.head_sha",
    "check_run.head_sha",
    "check_suite.head_sha",
    "deployment.sha",
    "comment.commit_id",
  ],
  merged: ["pull_request.merged"],
  draft: ["pull_request.draft"],
  tag_name: ["release.tag_name"],
  prerelease: ["release.prerelease"],
  severity: ["alert.severity", "alert.rule.severity", "alert.security_advisory.severity"],
  environment: ["environment"],
  workflow: ["workflow"],
  context: ["context"],
  scope: ["scope"],
  role: ["membership.role", "invitation.role"],
  permission: ["team.permission"],
  privacy_level: ["sponsorship.privacy_level"],
  billing_cycle: ["marketplace_purchase.billing_cycle"],
  effective_date: ["effective_date"],
  repository_selection: ["repository_selection"],
  private: ["repository.private"],
  installation_id: ["installation.id"],
};
