/** One thing that the predicate and the certificate both may say. Null: not said there. */
export interface Comparison {
  readonly what: string;
  readonly stated: string | null;
  readonly certified: string | null;
}
