import type { Host } from "@touchmark/plugin";
import { LOGIN_MS } from "./limits.ts";
import { type LoginService, loginClient } from "./login-client.ts";
import { loginFailure } from "./login-failure.ts";
import { checkPage, type LoginPrompt } from "./login-prompt.ts";
import { listenForRedirect } from "./redirect-listener.ts";

/**
 * Authorization code flow with PKCE and a loopback redirect (RFC 6749, RFC 7636, RFC 8252, OpenID Connect Core 3.1).
 *
 * @returns the identity token, which is not verified yet.
 * @throws TouchmarkError `LOGIN_FAILED`, `ABORTED`, those of `Host.fetch`.
 */
export async function browserLogin(
  service: LoginService,
  prompt: LoginPrompt,
  host: Host,
  timeoutMs: number = LOGIN_MS,
): Promise<string> {
  const client = await import("openid-client");
  const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
  const listener = await listenForRedirect(state, timeoutMs, host.signal);
  try {
    const configuration = await loginClient(service, host);
    const page = client.buildAuthorizationUrl(configuration, {
      redirect_uri: listener.redirectUri,
      scope: "openid email",
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    await prompt.open(checkPage(page.href));
    const tokens = await client.authorizationCodeGrant(configuration, await listener.answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    return tokens.id_token ?? "";
  } catch (error) {
    throw loginFailure(error);
  } finally {
    listener.close();
  }
}
