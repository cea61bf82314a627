import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Two files, `tool` and `other`, and a predicate of SLSA provenance in `predicate.json`, for other projects' signers. */
export async function writeAttestationInputs(folder: string): Promise<void> {
  await writeFile(join(folder, "tool"), "the tool's bytes");
  await writeFile(join(folder, "other"), "the other tool's bytes");
  const buildDefinition = { buildType: "https://build.example", externalParameters: {} };
  const predicate = { buildDefinition, runDetails: { builder: { id: "https://builder.example" } } };
  await writeFile(join(folder, "predicate.json"), JSON.stringify(predicate));
}
