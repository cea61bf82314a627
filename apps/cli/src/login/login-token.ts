import { TouchmarkError } from "@touchmark/core";
import { type HandedToken, requireServiceAddress } from "@touchmark/plugin";
import { handedToken } from "../builtins.ts";
import type { Context } from "../context.ts";
import type { LoginService } from "./login-client.ts";
import { loginPrompt } from "./login-prompt.ts";

/** Flags of `attest` about a login. */
export interface LoginOptions {
  /** True: with a browser here. */
  readonly login?: true | string;
  readonly oidcIssuer?: string;
  readonly oidcClientId?: string;
  /** False: `--no-browser`. */
  readonly browser?: boolean;
}

/**
 * An identity that a person logs in for, once everything is hashed: tokens of the public service live for a minute.
 *
 * @param issuer - of the signing services; null where they name none.
 * @throws TouchmarkError `USAGE` for flags that say nothing, or no service.
 */
export function loginToken(context: Context, options: LoginOptions, issuer: string | null): HandedToken {
  const flow = flowOf(options.login);
  const service = serviceOf(options, issuer);
  const prompt = loginPrompt(context, options.browser !== false);
  return handedToken(
    {
      issuer: service.issuer,
      audience: service.clientId,
      unverified: {},
      get: async (host) => {
        if (flow === "device") return (await import("./device-login.ts")).deviceLogin(service, prompt, host);
        return (await import("./browser-login.ts")).browserLogin(service, prompt, host);
      },
    },
    Date.now,
  );
}

function flowOf(login: LoginOptions["login"]): "browser" | "device" {
  if (login === true || login === "browser") return "browser";
  if (login === "device") return "device";
  throw usage("there is no such login", "--login, or --login=device", JSON.stringify(String(login).slice(0, 100)));
}

/** The client of every Sigstore: https://docs.sigstore.dev/certificate_authority/oidc-in-fulcio/ */
const SIGSTORE_CLIENT = "sigstore";

function serviceOf({ oidcIssuer, oidcClientId }: LoginOptions, named: string | null): LoginService {
  const issuer = oidcIssuer ?? named;
  if (issuer === null) {
    throw usage(
      "nothing says whom to log in with",
      "--oidc-issuer URL, or a signing config that names one",
      "signing services of your own, without a login service",
    );
  }
  const clientId = oidcClientId ?? SIGSTORE_CLIENT;
  if (!/^[\x21-\x7e]{1,256}$/.test(clientId)) {
    throw usage("--oidc-client-id is no client", "1 to 256 ASCII characters without spaces", "something else");
  }
  // As it is written: that is what it calls itself.
  requireServiceAddress(issuer, "the login service");
  return { issuer, clientId };
}

function usage(message: string, expected: string, actual: string): TouchmarkError {
  return new TouchmarkError("USAGE", message, { expected, actual });
}
