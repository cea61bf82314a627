import { MAX_CHALLENGE_LENGTH } from "./registry-limits.ts";

/** How a registry wants to be told who asks. */
export type Challenge =
  | { readonly kind: "basic" }
  | { readonly kind: "bearer"; readonly realm: string; readonly service: string | null; readonly scope: string | null };

/**
 * Reads `WWW-Authenticate`: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1; of several challenges, the bearer one.
 *
 * @returns null for none that we know.
 */
export function readChallenge(header: string | undefined): Challenge | null {
  if (header === undefined || header.length > MAX_CHALLENGE_LENGTH) return null;
  const challenges = challengesOf(header);
  const bearer = challenges.find(({ scheme, parameters }) => scheme === "bearer" && parameters.has("realm"));
  if (bearer !== undefined) {
    const { parameters } = bearer;
    return {
      kind: "bearer",
      realm: parameters.get("realm") ?? "",
      service: parameters.get("service") ?? null,
      scope: parameters.get("scope") ?? null,
    };
  }
  return challenges.some(({ scheme }) => scheme === "basic") ? { kind: "basic" } : null;
}

interface ReadChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

/** `name = token` or `name = "quoted"`, or the name of a scheme; commas and white space between. */
const PART =
  /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$))/gy;

function challengesOf(header: string): readonly ReadChallenge[] {
  const found: ReadChallenge[] = [];
  for (const [, name, quoted, token, scheme] of header.matchAll(PART)) {
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    else if (name !== undefined) {
      found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/gs, "$1") ?? token ?? "");
    }
  }
  return found;
}
