import { isCloudBuildTrust, isIdentityTrust, isKeyTrust, type SummaryTrust, type Trust } from "@touchmark/verify";
import type { Explanation } from "./explanation-schema.ts";

/**
 * Which party alone, in the wrong hands, could make other bytes verify: it follows from who is trusted, not from the artifact.
 * Each of several who are trusted is enough by itself.
 *
 * @param asksMore - a policy may want several builders to agree.
 */
export function compromises(
  trust: readonly Trust[],
  verifiers: readonly SummaryTrust[],
  asksMore: boolean,
): Explanation["compromises"] {
  const keys = trust.filter(isKeyTrust);
  const identities = trust.filter(isIdentityTrust);
  const roots = [...new Set(identities.map((one) => one.roots.label))].join(", ");
  const unless = asksMore ? ", unless the policy wants independent builders to agree" : "";
  const certified = identities.length > 0;
  const party = (name: string, fools: boolean, why: string) => ({ party: name, fools, why });
  return [
    keys.length > 0
      ? party(
          "the signer's key",
          true,
          `whoever has ${keys.map(({ label }) => label).join(" or ")} signs what they like${unless}`,
        )
      : party(
          "the signer's key",
          false,
          certified
            ? "it is made for one run, and its certificate counts for minutes"
            : "no key is trusted to sign provenance",
        ),
    certified
      ? party("the workflow and its repository", true, `whoever may change what runs there signs in its name${unless}`)
      : party(
          "the workflow and its repository",
          keys.length > 0,
          keys.length > 0 ? "where the key is used, whoever may change what runs" : "no workflow is trusted to sign",
        ),
    party(
      "the certificate authority, or who identifies signers to it",
      certified,
      certified ? "it could certify a signer that is not one" : "no certificate is believed",
    ),
    party("the transparency log", false, "it has no signature of the signer's to give; it could hide what was signed"),
    party("the timestamp authority", false, "it says when, and nothing else"),
    party(
      "the registry or server of the download",
      false,
      "it can withhold and delay; what it changes has other digests",
    ),
    party(
      "the roots",
      certified,
      certified ? `whoever replaces ${roots} names another certificate authority` : "none are used",
    ),
    ...(trust.some(isCloudBuildTrust)
      ? [party("Google Cloud Build's keys", true, `whoever has them signs for any project${unless}`)]
      : []),
    ...(verifiers.length > 0
      ? [party("a verifier whose summaries count", true, `its word stands for provenance${unless}`)]
      : []),
    party("this machine", true, "whoever may change the program, its flags or the files that they name decides"),
  ];
}
