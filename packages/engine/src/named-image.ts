/** Which image an image layout among the targets is said to hold: nothing but this one may lie in it, and evidence. */
export interface NamedImage {
  /** Registry and repository, as `parseReference` gives them; null where it is called by its place alone. */
  readonly repository: string | null;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
  /**
   * True: the user says so, as of an image in a registry. False: a list that nobody signed does; then the image holds only where
   * a statement that is believed gives this digest that very repository.
   */
  readonly byUser: boolean;
}
