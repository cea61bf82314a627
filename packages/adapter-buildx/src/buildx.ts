import type { BuildOutput } from "@touchmark/core";
import { allInParallel } from "@touchmark/oci";
import { API_VERSION, defineAdapter, type Host } from "@touchmark/plugin";
import { optionsFromArgument } from "./argument.ts";
import { requireExpected } from "./expectation.ts";
import { findImage, registriesOf } from "./found-image.ts";
import { subjectsOfImages } from "./image-subjects.ts";
import { readInput } from "./input.ts";
import { MAX_PARALLEL_IMAGES } from "./limits.ts";
import { BuildxOptions } from "./options.ts";
import { readRepository } from "./place.ts";

/**
 * Reads the images that a build made, by digest: from what docker buildx, buildctl, bake, ko, kaniko, jib or buildah wrote
 * about them (`buildx:metadata.json`), from an image layout, or straight from a registry. docs/adapters/buildx.md
 */
export const buildx = defineAdapter<BuildxOptions>({
  apiVersion: API_VERSION,
  name: "buildx",
  completeness: "manifest",
  marks: ["docker-bake.hcl", "docker-bake.json"],
  suggest: { metadata: "bake.metadata.json" },
  options: BuildxOptions,
  fromArgument: optionsFromArgument,
  pathsIn: (argument) => {
    const { metadata, layout } = optionsFromArgument(argument);
    return [metadata, layout].filter((path) => path !== undefined && path !== "-") as readonly string[];
  },
  usesNetwork: ({ layout }) => layout === undefined,
  collect,
});

async function collect(host: Host, options: BuildxOptions): Promise<BuildOutput> {
  const repository = options.repository === undefined ? null : readRepository(options.repository);
  const { images, layout, byproducts } = await readInput(host, options);
  const where = { layout, registry: registriesOf(host), repository };
  const found = await allInParallel(images, MAX_PARALLEL_IMAGES, (image) => findImage(image, where));
  requireExpected(found, options);
  return {
    subjects: subjectsOfImages(found),
    resolvedDependencies: found
      .flatMap(({ claims }) => claims)
      .flatMap(({ dependencies, commit }) => [...dependencies, ...(commit === null ? [] : [commit.dependency])]),
    byproducts: [...byproducts, ...found.flatMap(({ documents }) => documents)],
  };
}
