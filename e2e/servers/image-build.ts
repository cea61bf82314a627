import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ended } from "../touchmark-process.ts";
import type { BuildClient, Buildkit } from "./buildkit.ts";

export const TWO_PLATFORMS = ["linux/amd64", "linux/arm64"];

export interface ImageBuild {
  /** A folder with a Dockerfile. No base image can be had without a network: `FROM scratch`. */
  readonly context: string;
  readonly platforms: readonly string[];
  /** A reference on a loopback registry, with a tag; or a tar file in OCI layout. */
  readonly output: { readonly push: string } | { readonly ociTar: string };
  readonly provenance: "none" | "min" | "max";
  readonly metadataFile: string;
  /** Further arguments of the client, before the context. */
  readonly args?: readonly string[];
}

/** Builds an image with one of the two clients, which then say the same thing in their own words. */
export function buildImage(buildkit: Buildkit, client: BuildClient, build: ImageBuild): Promise<Ended> {
  return buildkit.run(client, client === "buildctl" ? buildctlArguments(build) : buildxArguments(build));
}

function buildctlArguments({ context, platforms, output, provenance, metadataFile, args = [] }: ImageBuild): string[] {
  return [
    "build",
    "--progress=plain",
    "--frontend=dockerfile.v0",
    `--local=context=${context}`,
    `--local=dockerfile=${context}`,
    `--opt=platform=${platforms.join(",")}`,
    ...(provenance === "none" ? [] : [`--opt=attest:provenance=mode=${provenance}`]),
    `--output=${exporter(output)}`,
    `--metadata-file=${metadataFile}`,
    ...args,
  ];
}

function buildxArguments({ context, platforms, output, provenance, metadataFile, args = [] }: ImageBuild): string[] {
  return [
    "build",
    "--progress=plain",
    `--platform=${platforms.join(",")}`,
    `--provenance=${provenance === "none" ? "false" : `mode=${provenance}`}`,
    `--output=${exporter(output)}`,
    `--metadata-file=${metadataFile}`,
    ...args,
    context,
  ];
}

function exporter(output: ImageBuild["output"]): string {
  return "push" in output ? `type=image,name=${output.push},push=true` : `type=oci,dest=${output.ociTar}`;
}

/** A build context whose image differs on each of the two platforms. */
export async function writeImageContext(folder: string, version = "1.0.0"): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nARG TARGETARCH\nCOPY app-$TARGETARCH /app\n");
  for (const architecture of ["amd64", "arm64"]) {
    await writeFile(join(folder, `app-${architecture}`), `app ${version} for ${architecture}\n`);
  }
  return folder;
}
