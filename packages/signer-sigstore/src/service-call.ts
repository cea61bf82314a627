/** 200 and 201: the services do not agree on one of them. */
export function isMade(status: number): boolean {
  return status === 200 || status === 201;
}
