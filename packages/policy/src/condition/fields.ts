/** What variables of an expression hold, beside the statement, which holds anything; by their types in CEL. */
export const FIELDS = {
  subject: { name: "string", digest: "map<string, string>" },
  signer: {
    issuer: "string",
    identity: "string",
    keyDigest: "string",
    builderCommit: "string",
    runner: "string",
    trigger: "string",
    sourceRepository: "string",
    sourceRepositoryId: "string",
    sourceOwnerId: "string",
  },
  artifact: {
    kind: "string",
    name: "string",
    names: "list<string>",
    digests: "list<string>",
    platform: "string",
  },
} as const;
