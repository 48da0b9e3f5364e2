/** What a token issuer is made of, but for whose tokens it is about. */
export const ISSUER = {
  jwks_uri: "https://id.example.com/jwks.json",
  audience: "rekishi",
  organization_claim: "org",
  role_claim: "role",
  role_map: {},
};
