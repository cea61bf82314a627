import type { CertificateClaims } from "./claims.ts";
import type { Comparison } from "./comparison.ts";

/** `octo/widgets` of `https://github.com/octo/widgets`. */
export function pathOf(url: string | null): string | null {
  return url === null ? null : url.replace(/^https:\/\/[^/]+\//, "");
}

/** The certificate names the workflow that was started with its repository and ref: `REPOSITORY/PATH@REF`. */
export function workflowPath(stated: string | null, { buildConfig, sourceRepository }: CertificateClaims): Comparison {
  const before = `${sourceRepository}/`;
  const isHere = buildConfig !== null && sourceRepository !== null && buildConfig.startsWith(before);
  if (!isHere) return { what: "workflow path", stated, certified: buildConfig };
  const rest = buildConfig.slice(before.length);
  const end = rest.lastIndexOf("@refs/");
  return { what: "workflow path", stated, certified: end === -1 ? rest : rest.slice(0, end) };
}
