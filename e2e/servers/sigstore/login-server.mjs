// `node login-server.mjs PORT ISSUER UNVERIFIED`: a certified OpenID provider that logs in whoever types an address, as its
// own pages for development do, behind a server that speaks TLS.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const [port, issuer, unverified] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "sigstore",
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
      // RFC 8252, 7.3: of a loopback address any port counts.
      redirect_uris: ["http://127.0.0.1/callback"],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "login" }] },
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  // Sigstore reads the address out of the identity token, as Dex gives it.
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: id !== unverified }),
  }),
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, deviceFlow: { enabled: true } },
  ttl: {
    IdToken: 60,
    AccessToken: 60,
    AuthorizationCode: 60,
    DeviceCode: 120,
    Interaction: 120,
    Session: 300,
    Grant: 300,
  },
  cookies: { keys: ["of a test"] },
});
provider.proxy = true;
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
