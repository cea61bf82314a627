// Vectors that are what a server answers: a repository of roots, and a service to log in with.
import { content, publish, tufKeyOf } from "../../packages/roots-tuf/test/tuf-repository.ts";
import { caseList } from "./case-list.mjs";
import { derivedKey } from "./keyless/derived-key.mjs";

export function serviceCases() {
  const cases = caseList();
  thresholds(cases);
  logins(cases);
  return cases.list;
}

/** A21: thresholds of a repository of roots. */
function thresholds({ pass, fail }) {
  const keys = ["online", "first", "second", "third"].map((name) => {
    const { publicKey, sign } = derivedKey(`tuf ${name}`, name === "second" ? "ed25519" : "P-256");
    return tufKeyOf(publicKey, sign);
  });
  const first = content(keys);
  const repository = (state, earlier) => {
    const files = publish(state, earlier);
    const root = earlier === undefined ? files : earlier;
    return {
      files: {
        "root.json": root.get("1.root.json"),
        ...Object.fromEntries([...files].map(([path, bytes]) => [`server/${path}`, bytes])),
      },
      args: { mode: "roots-update", root: "root.json", now: "2026-06-01T00:00:00Z" },
    };
  };
  const targets = (threshold) => ({ ...first, threshold: { ...first.threshold, targets: threshold } });
  /** Of who signs the targets, nobody is left where the root asks for nobody. */
  const unsigned = (state) => ({ ...state, signers: (role, all) => (role === "targets" ? [] : all) });

  pass("roots-thresholds", "The root says how many of its keys must sign what.", repository(first));
  for (const [name, threshold] of [
    ["zero", 0],
    ["negative", -1],
  ]) {
    const why = `A21: the root to begin with asks for ${threshold} signatures under the list of targets.`;
    fail(`roots-threshold-${name}`, "ROOTS_INVALID", "roots-thresholds", why, repository(targets(threshold)));
  }
  const signed = publish(first);
  pass(
    "roots-next-thresholds",
    "The mirror has a further root, which says the same.",
    repository({ ...first, root: 2 }, signed),
  );
  fail(
    "roots-next-threshold-zero",
    "SERVICE_INVALID",
    "roots-next-thresholds",
    "A21: the further root, signed as it must be, asks for no signature under the list of targets, and there is none.",
    repository(unsigned({ ...targets(0), root: 2 }), signed),
  );
}

/** A23: where a service to log in with sends a program that holds a code. */
function logins({ pass, fail }) {
  const answers = (token) => [
    {
      method: "GET",
      path: "/.well-known/openid-configuration",
      status: 200,
      body: {
        issuer: "{issuer}",
        jwks_uri: "{issuer}/keys",
        authorization_endpoint: "{issuer}/auth",
        token_endpoint: "{issuer}/token",
        device_authorization_endpoint: "{issuer}/device",
      },
    },
    {
      method: "POST",
      path: "/device",
      status: 200,
      body: {
        device_code: "canary-device-code",
        user_code: "ABCD-EFGH",
        verification_uri: "{issuer}/activate",
        expires_in: 60,
        interval: 0.01,
      },
    },
    { method: "POST", path: "/token", ...token },
  ];
  const tokens = { access_token: "canary-access-token", token_type: "bearer", id_token: "{identity-token}" };
  const login = (token) => ({
    files: { "answers.json": `${JSON.stringify(answers(token), null, 2)}\n` },
    args: { mode: "login" },
  });
  pass("login", "The service gives an identity token for the code.", login({ status: 200, body: tokens }));
  for (const status of [301, 302, 303, 307, 308]) {
    fail(
      `login-redirect-${status}`,
      "LOGIN_FAILED",
      "login",
      `A23: the service sends the program with its code to another server, by ${status}.`,
      login({ status, headers: { location: "{elsewhere}/token" }, body: tokens }),
    );
  }
}
