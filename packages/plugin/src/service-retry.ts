import type { TouchmarkError } from "@touchmark/core";

/** A service failed, and is about to be asked again. */
export interface ServiceRetry {
  /** The error that it would have been: names the service and its host, and holds no secret. */
  readonly failure: TouchmarkError;
  /** Until it is asked. Unit: milliseconds. */
  readonly pauseMs: number;
}
