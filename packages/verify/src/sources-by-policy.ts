/** What was built from, as the platform says it. */
export interface CertifiedSource {
  readonly repository: string;
  readonly repositoryId: string | null;
  readonly ownerId: string | null;
}

/**
 * Whether a policy expects a source somewhere. Where trust takes in everybody's sources and leaves it to a policy which is right, what
 * is of any other source is a stranger's, and must not be among what is trusted.
 */
export type SourcesByPolicy = (source: CertifiedSource) => boolean;
