/**
 * Why slsa-verifier refuses, by its own names.
 * Source: https://github.com/slsa-framework/slsa-verifier/blob/v2.7.1/errors/errors.go
 */
export type RefusalName =
  | "ErrorEmptyRequiredField"
  | "ErrorInvalidBuildType"
  | "ErrorInvalidBuilderID"
  | "ErrorInvalidCertificate"
  | "ErrorInvalidDssePayload"
  | "ErrorInvalidEncoding"
  | "ErrorInvalidFormat"
  | "ErrorInvalidHash"
  | "ErrorInvalidNpmAttestations"
  | "ErrorInvalidOIDCIssuer"
  | "ErrorInvalidPackageName"
  | "ErrorInvalidPublicKey"
  | "ErrorInvalidRecipe"
  | "ErrorInvalidRef"
  | "ErrorInvalidRekorEntry"
  | "ErrorInvalidSLSALevel"
  | "ErrorInvalidSemver"
  | "ErrorInvalidSignature"
  | "ErrorInvalidSubject"
  | "ErrorInvalidVerificationResult"
  | "ErrorMalformedURI"
  | "ErrorMismatchBranch"
  | "ErrorMismatchBuilderID"
  | "ErrorMismatchCertificate"
  | "ErrorMismatchHash"
  | "ErrorMismatchIntoto"
  | "ErrorMismatchPackageName"
  | "ErrorMismatchPackageVersion"
  | "ErrorMismatchResourceURI"
  | "ErrorMismatchSource"
  | "ErrorMismatchTag"
  | "ErrorMismatchVerifiedLevels"
  | "ErrorMismatchVerifierID"
  | "ErrorMismatchVersionedTag"
  | "ErrorMismatchWorkflowInputs"
  | "ErrorMissingSubjectDigest"
  | "ErrorNoValidSignature"
  | "ErrorNonVerifiableClaim"
  | "ErrorNotPresent"
  | "ErrorNotSupported"
  | "ErrorRekorSearch"
  | "ErrorUntrustedReusableWorkflow"
  | "ErrorVerifierNotSupported";

/** A verdict of slsa-verifier's rules that is not "passed". Never leaves this package: `outcomeOf` turns it into data. */
export class Refusal extends Error {
  readonly reason: RefusalName;

  constructor(reason: RefusalName, message: string) {
    super(message);
    this.reason = reason;
  }
}
