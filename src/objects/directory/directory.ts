/**
 * Directory: the one Durable Object that knows an environment's organizations, API keys and action schemas.
 *
 * It is not on the path of an event: the router asks it once per key and organization and remembers the answer.
 * The class wires and delegates; what it knows is in the files beside it.
 */
import { DurableObject } from "cloudflare:workers";
import type { ActionSchemaRules } from "../../contract/action-schema.ts";
import type { NewApiKey, Rotation } from "../../contract/api-key.ts";
import type { NewOrganization, OrganizationChange } from "../../contract/organization.ts";
import type { Caller, OwnEvent, Visit } from "../../contract/own-event.ts";
import { portalActor } from "../../contract/portal.ts";
import type { NewTokenIssuer } from "../../contract/token-issuer.ts";
import { configureFromEnv, type Env, hasRegion, tenantLog } from "../../env.ts";
import { systemClock } from "../../kernel/clock.ts";
import { fieldFailure, notFound } from "../../kernel/failure.ts";
import { ok } from "../../kernel/result.ts";
import { errorFacts, log, withLogContext } from "../../observe/logger.ts";
import { migrate } from "../../sql/migrate.ts";
import { DurableSql } from "../durable-sql.ts";
import { JOB_MIGRATIONS, Jobs } from "../jobs.ts";
import { atMost } from "../patience.ts";
import * as actionSchemas from "./action-schemas.ts";
import * as apiKeys from "./api-keys.ts";
import { AuditedChanges } from "./audited-changes.ts";
import { deletionStages } from "./deletion-stages.ts";
import { DELETION_JOB, DELETION_MIGRATIONS, Deletions } from "./deletions.ts";
import type {
  Credential,
  DirectoryRpc,
  ExportEntry,
  ListQuery,
  OrganizationFilter,
  NewPortalLink,
  PortalSessionKind,
  SchemaName,
} from "./directory-rpc.ts";
import * as exportList from "./exports.ts";
import { FIRST_ANSWER_MIGRATIONS, makeOnce } from "./first-answers.ts";
import * as organizations from "./organizations.ts";
import { OUTBOX_JOB, OUTBOX_MIGRATIONS, Outbox } from "./outbox.ts";
import * as portal from "./portal.ts";
import * as tokenIssuers from "./token-issuers.ts";

const SERVICE = "directory";
/** How long a deletion is waited for before it is answered; it goes on after that. */
const DELETION_PATIENCE_MS = 5_000;

export class Directory extends DurableObject<Env> implements DirectoryRpc {
  readonly #sql: DurableSql;
  readonly #clock = systemClock;
  readonly #jobs: Jobs;
  readonly #outbox: Outbox;
  readonly #deletions: Deletions;
  readonly #changes: AuditedChanges;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    configureFromEnv(env);
    this.#sql = new DurableSql(ctx.storage);
    migrate(this.#sql, "organizations", organizations.ORGANIZATION_MIGRATIONS);
    migrate(this.#sql, "api_keys", apiKeys.API_KEY_MIGRATIONS);
    migrate(this.#sql, "portal", portal.PORTAL_MIGRATIONS);
    migrate(this.#sql, "action_schemas", actionSchemas.ACTION_SCHEMA_MIGRATIONS);
    migrate(this.#sql, "token_issuers", tokenIssuers.TOKEN_ISSUER_MIGRATIONS);
    migrate(this.#sql, "exports", exportList.EXPORT_MIGRATIONS);
    migrate(this.#sql, "jobs", JOB_MIGRATIONS);
    migrate(this.#sql, "outbox", OUTBOX_MIGRATIONS);
    migrate(this.#sql, "deletions", DELETION_MIGRATIONS);
    migrate(this.#sql, "first_answers", FIRST_ANSWER_MIGRATIONS);
    this.#outbox = new Outbox(this.#sql, this.#clock, (id) => this.#tenantLog(id));
    this.#deletions = new Deletions(this.#sql, this.#clock, deletionStages(env, this.#sql));
    this.#jobs = new Jobs(
      this.#sql,
      ctx.storage,
      this.#clock,
      new Map([
        [OUTBOX_JOB, () => this.#outbox.deliverDue()],
        [DELETION_JOB, () => this.#deletions.runDue()],
      ]),
    );
    this.#changes = new AuditedChanges({
      sql: this.#sql,
      clock: this.#clock,
      outbox: this.#outbox,
      jobs: this.#jobs,
    });
    void ctx.blockConcurrencyWhile(() => this.#jobs.rearm());
  }

  override alarm() {
    return withLogContext({ service: SERVICE }, () => this.#jobs.run());
  }

  #isValid({ kind, hash }: Credential): boolean {
    const now = this.#clock();
    return kind === "api_key"
      ? apiKeys.authenticate(this.#sql, hash, now) !== null
      : portal.findPortalSession(this.#sql, hash, now) !== null;
  }

  #tenantLog(organizationId: string) {
    const organization = organizations.findOrganization(this.#sql, organizationId);
    return tenantLog(this.env.TENANT_LOG, organizationId, organization?.region ?? null);
  }

  async ping() {}

  async authenticate(keyHash: string) {
    return apiKeys.authenticate(this.#sql, keyHash, this.#clock());
  }

  async createApiKey(input: NewApiKey, caller: Caller) {
    if (input.expires_at != null && Date.parse(input.expires_at) <= this.#clock()) {
      const message = "'expires_at' is in the past. Send a time to come, or none.";
      return fieldFailure("unprocessable_entity", "expires_at", "in_the_past", message);
    }
    const id = input.organization_id;
    if (id != null && organizations.findOrganization(this.#sql, id) === null) {
      return notFound(`Organization '${id}'`);
    }
    return this.#changes.make(caller, (record) => {
      const key = apiKeys.createApiKey(this.#sql, input, this.#clock());
      record(key.organization_id, apiKeys.apiKeyEvent("created", key));
      return ok(key);
    });
  }

  async apiKeys(query: ListQuery, organizationId: string | null) {
    return apiKeys.listApiKeys(this.#sql, query, organizationId, this.#clock());
  }

  async apiKey(id: string, organizationId: string | null) {
    return apiKeys.findApiKey(this.#sql, id, organizationId, this.#clock());
  }

  async rotateApiKey(id: string, { overlap_in_seconds: overlap }: Rotation, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const rotated = apiKeys.rotateApiKey(this.#sql, id, overlap, this.#clock());
      if (rotated !== null) {
        record(rotated.organization_id, apiKeys.apiKeyEvent("rotated", rotated));
      }
      return rotated;
    });
  }

  async revokeApiKey(id: string, organizationId: string | null, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const key = apiKeys.revokeApiKey(this.#sql, id, organizationId, this.#clock());
      if (key !== null) {
        record(key.organization_id, apiKeys.apiKeyEvent("revoked", key));
      }
      return key !== null;
    });
  }

  async createPortalLink(input: NewPortalLink, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const { code, granted } = portal.createPortalLink(this.#sql, input, this.#clock());
      record(granted.organizationId, portal.linkCreatedEvent(granted));
      return code;
    });
  }

  async openPortalSession(code: string, kind: PortalSessionKind, visit: Visit) {
    const granted = portal.unusedLink(this.#sql, code, this.#clock());
    if (!granted.ok) {
      return granted;
    }
    const id = portal.newSessionId();
    const actor = portalActor(id, granted.value.user);
    return this.#changes.make({ actor, ...visit }, (record) => {
      const session = { ...granted.value, id, kind };
      const opened = portal.openPortalSession(this.#sql, code, session, this.#clock());
      record(session.organizationId, portal.linkUsedEvent(opened.session));
      return ok(opened);
    });
  }

  async portalSession(tokenHash: string) {
    return portal.findPortalSession(this.#sql, tokenHash, this.#clock());
  }

  async endPortalSession(tokenHash: string) {
    const organizationId = portal.endPortalSession(this.#sql, tokenHash);
    if (organizationId === undefined) {
      return;
    }
    try {
      await this.#tenantLog(organizationId).recheckTails();
    } catch (error) {
      // The log looks again by itself, before it sends anything.
      log.warn("tail.recheck", "A log was not told of a logout.", errorFacts(error));
    }
  }

  async endedCredentials(credentials: readonly Credential[]) {
    return credentials.filter((one) => !this.#isValid(one)).map(({ hash }) => hash);
  }

  async createTokenIssuer(input: NewTokenIssuer, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const issuer = tokenIssuers.createTokenIssuer(this.#sql, input, this.#clock());
      if (issuer.ok) {
        record(null, tokenIssuers.tokenIssuerEvent("created", issuer.value));
      }
      return issuer;
    });
  }

  async tokenIssuer(id: string) {
    return tokenIssuers.findTokenIssuer(this.#sql, id);
  }

  async tokenIssuers(query: ListQuery) {
    return tokenIssuers.listTokenIssuers(this.#sql, query);
  }

  async allTokenIssuers() {
    return tokenIssuers.allTokenIssuers(this.#sql);
  }

  async deleteTokenIssuer(id: string, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const issuer = tokenIssuers.deleteTokenIssuer(this.#sql, id);
      if (issuer !== null) {
        record(null, tokenIssuers.tokenIssuerEvent("deleted", issuer));
      }
      return issuer !== null;
    });
  }

  async registerExport(entry: ExportEntry, event: OwnEvent, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      if (organizations.findOrganization(this.#sql, entry.organizationId) === null) {
        return notFound(`Organization '${entry.organizationId}'`);
      }
      const added = exportList.addExport(this.#sql, entry);
      if (added.ok && added.value) {
        record(entry.organizationId, event);
      }
      return added;
    });
  }

  async exportOwner(id: string) {
    return exportList.exportOwner(this.#sql, id);
  }

  async exports(query: ListQuery, organizationId: string) {
    return exportList.listExports(this.#sql, query, organizationId);
  }

  async deleteExport(id: string, event: OwnEvent, caller: Caller) {
    await this.#changes.make(caller, (record) => {
      const owner = exportList.exportOwner(this.#sql, id);
      if (owner !== null) {
        exportList.forgetExport(this.#sql, id);
        record(owner.organizationId, event);
      }
    });
  }

  async forgetExport(id: string) {
    exportList.forgetExport(this.#sql, id);
  }

  async createOrganization(input: NewOrganization, caller: Caller, request?: string) {
    const { region } = input;
    if (region != null && !hasRegion(this.env.TENANT_LOG, region)) {
      const message = `'region' is '${region}', a jurisdiction, and this server has none: its data stays on its own machine. Leave 'region' out, and run the server where the data has to be.`;
      return fieldFailure("unprocessable_entity", "region", "not_available", message);
    }
    return this.#changes.make(caller, (record) => {
      const now = this.#clock();
      const created = makeOnce(this.#sql, {
        request,
        now,
        make: () => organizations.createOrganization(this.#sql, input, now),
        nameOf: ({ id }) => id,
        find: (id) => organizations.findOrganization(this.#sql, id),
      });
      if (created.ok && !created.value.isReplay) {
        // Not in the log of the organization, so that its first event is the first that somebody sends.
        record(null, organizations.organizationEvent("created", created.value.resource));
      }
      return created;
    });
  }

  async updateOrganization(id: string, change: OrganizationChange, caller: Caller) {
    return this.#changes.make(caller, (record) => {
      const updated = organizations.updateOrganization(this.#sql, id, change, this.#clock());
      if (!updated.ok) {
        return updated;
      }
      const { organization, fields } = updated.value;
      if (fields.length > 0) {
        record(id, organizations.organizationEvent("updated", organization, fields));
      }
      return ok(organization);
    });
  }

  async ensureOrganization(id: string, mayCreate: boolean) {
    return organizations.ensureOrganization(this.#sql, id, mayCreate, this.#clock());
  }

  async organization(id: string) {
    return organizations.findOrganization(this.#sql, id);
  }

  async deleteOrganization(id: string, caller: Caller) {
    const changed = this.#changes.make(caller, (record) => {
      const organization = organizations.findOrganization(this.#sql, id);
      if (organization === null) {
        return notFound(`Organization '${id}'`);
      }
      const now = this.#clock();
      organizations.deleteOrganization(this.#sql, id, now);
      apiKeys.revokeApiKeysOf(this.#sql, id, now);
      portal.endPortalOf(this.#sql, id);
      this.#outbox.forget(id);
      this.#deletions.add({ organizationId: id, region: organization.region });
      record(null, organizations.organizationEvent("deleted", organization));
      return ok(null);
    });
    const dueAt = this.#deletions.nextDueAt();
    // Nothing is awaited before this, so the alarm is set in the same write as the change.
    const armed = dueAt === undefined ? undefined : this.#jobs.schedule(DELETION_JOB, dueAt);
    await armed;
    const result = await changed;
    if (result.ok) {
      const run = withLogContext({ service: SERVICE }, () => this.#deletions.run(id));
      await atMost(DELETION_PATIENCE_MS, run);
    }
    return result;
  }

  async organizationByExternalId(externalId: string) {
    return organizations.findOrganizationByExternalId(this.#sql, externalId);
  }

  async organizations(query: ListQuery, filter: OrganizationFilter) {
    return organizations.listOrganizations(this.#sql, query, filter);
  }

  async createActionSchema(
    action: string,
    rules: ActionSchemaRules,
    caller: Caller,
    request?: string,
  ) {
    return this.#changes.make(caller, (record) => {
      const now = this.#clock();
      const schema = makeOnce(this.#sql, {
        request,
        now,
        make: () => actionSchemas.createActionSchema(this.#sql, action, rules, now),
        nameOf: ({ version }) => String(version),
        find: (version) =>
          actionSchemas.namedSchemas(this.#sql, [[action, Number(version)]])[0] ?? null,
      });
      if (schema.ok && !schema.value.isReplay) {
        record(null, actionSchemas.schemaEvent(action, schema.value.resource));
      }
      return schema;
    });
  }

  async actions(query: ListQuery) {
    return actionSchemas.listActions(this.#sql, query);
  }

  async namedActions(names: readonly string[]) {
    return actionSchemas.namedActions(this.#sql, names);
  }

  async actionSchemas(action: string, query: ListQuery) {
    return actionSchemas.listActionSchemas(this.#sql, action, query);
  }

  async namedSchemas(names: readonly SchemaName[]) {
    return actionSchemas.namedSchemas(this.#sql, names);
  }

  async schemaIndex(revision: number) {
    return actionSchemas.schemaIndex(this.#sql, revision);
  }
}
