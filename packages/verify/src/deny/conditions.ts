/** What an entry of a deny list can be about; without one of these it would deny everything. */
export const CONDITIONS = ["digest", "commit", "builder-digest", "key", "identity"] as const;
