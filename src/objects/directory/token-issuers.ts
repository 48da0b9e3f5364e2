/** Token issuers: the identity providers whose JWTs are accepted in an environment. */
import { uuidv7 } from "uuidv7";
import type { OwnEvent } from "../../contract/own-event.ts";
import type { NewTokenIssuer, TokenIssuer } from "../../contract/token-issuer.ts";
import { failure, fieldFailure } from "../../kernel/failure.ts";
import { TOKEN_ISSUERS_MAX } from "../../kernel/limits.ts";
import { ok, type Result } from "../../kernel/result.ts";
import type { Migration } from "../../sql/migrate.ts";
import { firstRow, type Sql } from "../../sql/sql.ts";
import type { ListPage, ListQuery } from "./directory-rpc.ts";
import { listPage } from "./listing.ts";

export const TOKEN_ISSUER_MIGRATIONS: readonly Migration[] = [
  {
    why: "The token issuers. `resource` is the issuer as the wire shows it; `sort` is the order of creation, for lists.",
    statements: [
      `CREATE TABLE token_issuer (
        sort INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        issuer TEXT NOT NULL UNIQUE,
        resource TEXT NOT NULL
      ) STRICT`,
    ],
  },
];

type TokenIssuerRow = { sort: number; id: string; resource: string };

export function createTokenIssuer(
  sql: Sql,
  input: NewTokenIssuer,
  now: number,
): Result<TokenIssuer> {
  const known = allTokenIssuers(sql);
  if (known.some(({ issuer }) => issuer === input.issuer)) {
    return fieldFailure("conflict", "issuer", "taken", "This issuer exists already.");
  }
  if (known.length >= TOKEN_ISSUERS_MAX) {
    const message = `There are ${TOKEN_ISSUERS_MAX} token issuers already. Delete one first.`;
    return failure("unprocessable_entity", message);
  }
  const issuer: TokenIssuer = {
    object: "token_issuer",
    id: `token_issuer_${uuidv7().replaceAll("-", "")}`,
    ...input,
    audience: input.audience ?? null,
    authorized_parties: input.authorized_parties ?? null,
    created_at: new Date(now).toISOString(),
  };
  sql.run(
    "INSERT INTO token_issuer (id, issuer, resource) VALUES (?, ?, ?)",
    issuer.id,
    issuer.issuer,
    JSON.stringify(issuer),
  );
  return ok(issuer);
}

/** There are few, so that routers remember all of them at once. */
export function allTokenIssuers(sql: Sql): TokenIssuer[] {
  return [...sql.rows<TokenIssuerRow>("SELECT * FROM token_issuer ORDER BY sort")].map(resource);
}

export function listTokenIssuers(sql: Sql, query: ListQuery): ListPage<TokenIssuer> {
  return listPage<TokenIssuerRow, TokenIssuer>(
    sql,
    { table: "token_issuer", where: "TRUE", bindings: [] },
    query,
    resource,
  );
}

export function findTokenIssuer(sql: Sql, id: string): TokenIssuer | null {
  const row = firstRow<TokenIssuerRow>(sql, "SELECT * FROM token_issuer WHERE id = ?", id);
  return row === undefined ? null : resource(row);
}

/** @returns the issuer that was deleted, or null when there was none. */
export function deleteTokenIssuer(sql: Sql, id: string): TokenIssuer | null {
  const row = firstRow<TokenIssuerRow>(
    sql,
    "DELETE FROM token_issuer WHERE id = ? RETURNING *",
    id,
  );
  return row === undefined ? null : resource(row);
}

/** What is on record of a change of a token issuer. */
export function tokenIssuerEvent(
  change: "created" | "deleted",
  { id, issuer, jwks_uri }: TokenIssuer,
): OwnEvent {
  return {
    action: `rekishi.token_issuer_${change}`,
    targets: [{ id, type: "token_issuer", name: issuer }],
    metadata: { jwks_uri: jwks_uri.slice(0, 500) },
  };
}

function resource(row: TokenIssuerRow): TokenIssuer {
  return JSON.parse(row.resource) as TokenIssuer;
}
