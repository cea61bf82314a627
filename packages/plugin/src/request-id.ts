const HEADERS = ["x-request-id", "x-github-request-id", "x-correlation-id", "x-cloud-trace-context", "cf-ray"];

/**
 * The number by which a service's operator finds a request.
 *
 * @param headers - of the answer, names in lower case.
 * @returns null where there is none, or one that is no plain word.
 */
export function requestId(headers: Readonly<Record<string, string>>): string | null {
  const id = HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
  return id !== undefined && /^[\w.:;=/+-]{1,128}$/.test(id) ? id : null;
}
