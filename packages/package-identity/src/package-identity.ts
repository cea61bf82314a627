/** Which package a file holds. */
export interface PackageIdentity {
  readonly name: string;
  /** As written. */
  readonly version: string;
  /** Name and version as the registry compares them. */
  readonly purl: string;
}
