import { TouchmarkError } from "@touchmark/core";
import type { Host } from "@touchmark/plugin";
import { LOGIN_MS } from "./limits.ts";
import { type LoginService, loginClient } from "./login-client.ts";
import { loginFailure } from "./login-failure.ts";
import { checkPage, type LoginPrompt } from "./login-prompt.ts";

/**
 * Device authorization flow (RFC 8628): the person logs in with a browser on any machine, and types a code there.
 *
 * @returns the identity token, which is not verified yet.
 * @throws TouchmarkError `LOGIN_FAILED`, `ABORTED`, those of `Host.fetch`.
 */
export async function deviceLogin(
  service: LoginService,
  prompt: LoginPrompt,
  host: Host,
  timeoutMs: number = LOGIN_MS,
): Promise<string> {
  const client = await import("openid-client");
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const configuration = await loginClient(service, host);
    const begun = await client.initiateDeviceAuthorization(configuration, { scope: "openid email" });
    prompt.code(checkPage(begun.verification_uri), begun.user_code);
    const signal = AbortSignal.any([late, host.signal]);
    const tokens = await client.pollDeviceAuthorizationGrant(configuration, begun, undefined, { signal });
    return tokens.id_token ?? "";
  } catch (error) {
    if (host.signal.aborted)
      throw new TouchmarkError("ABORTED", "the login was interrupted", { actual: "interrupted" });
    if (!late.aborted) throw loginFailure(error);
    throw new TouchmarkError("LOGIN_FAILED", "nobody logged in", {
      expected: `a login within ${Math.ceil(timeoutMs / 1_000)} seconds`,
      actual: "none",
    });
  }
}
