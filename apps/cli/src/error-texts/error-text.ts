/**
 * What people read about a code, on a terminal and in docs/errors: plain text that is also Markdown. Commands stand in
 * backticks or, indented by four spaces, on lines of their own.
 */
export interface ErrorText {
  /** One sentence, without a full stop. */
  readonly title: string;
  /** When this is said, and why it is an error. */
  readonly meaning: string;
  /** One line: what to do, first of all. */
  readonly remedy: string;
  /** Other causes, examples, what it does not mean. */
  readonly more?: string;
}
