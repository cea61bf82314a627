/** A command line that slsa-verifier would refuse; like every refusal of it, exit status 1. */
export class UsageError extends Error {}
