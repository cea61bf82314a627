/** Envelopes for which a log is asked in one run; each costs one request, or some more. Unit: envelopes. */
export const MAX_ASKED_ENVELOPES = 100;

/** Logs that are asked; Sigstore's public instance has one that can be. Unit: logs. */
export const MAX_ASKED_LOGS = 4;

/** Rekor gives at most ten entries at once: https://github.com/sigstore/rekor/blob/main/openapi.yaml, SearchLogQuery. Unit: ids. */
export const MAX_ASKED_IDS = 10;

/**
 * Ids that an index has for one hash and of which the entries are asked for. Anybody can add some: an entry about a hash costs
 * nothing. Unit: ids.
 */
export const MAX_FOUND_IDS = 100;

/**
 * Requests for more than the first ten of those, in one run: evidence whose hash many entries have must not make it long.
 * Unit: requests.
 */
export const MAX_FURTHER_REQUESTS = 90;

/** Some entries bring the whole statement with them. Unit: bytes. */
export const MAX_LOG_ANSWER_BYTES = 64 * 1024 * 1024;
