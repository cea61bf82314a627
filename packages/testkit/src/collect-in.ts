import type { BuildOutput } from "@touchmark/core";
import type { Adapter } from "@touchmark/plugin";
import { withFixture } from "./fixture-copy.ts";
import type { LawCase } from "./law.ts";
import { type TestHostOptions, withTestHost } from "./test-host.ts";

/**
 * Copies a fixture, or has it made, collects in the copy with the real host, and removes it: for tests that spoil one thing
 * in it and expect one error.
 *
 * @param fixture - an absolute folder, its URL, or a function that fills the folder it is given.
 * @param options - as in a configuration; read by the adapter's own schema.
 * @throws whatever the adapter throws; ZodError for options that its schema refuses.
 */
export async function collectIn(
  adapter: Adapter,
  fixture: LawCase["fixture"],
  options: Readonly<Record<string, unknown>>,
  host: TestHostOptions = {},
): Promise<BuildOutput | null> {
  return withFixture({ fixture }, ({ folder }) =>
    withTestHost(folder, (given) => adapter.collect(given, adapter.options.parse(options)), host),
  );
}
