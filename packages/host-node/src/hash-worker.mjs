// @ts-check
// The entry of a worker thread. Plain JavaScript, so that it starts from the sources as well as from a build;
// apps/cli/build.mjs bundles it to a file beside the CLI.
import { parentPort } from "node:worker_threads";
import { hashBatch } from "./hash-batch.mjs";
import { hashTree } from "./hash-tree.mjs";

/** @param {object} told */
const tell = (told) => parentPort?.postMessage(told);

parentPort?.on("message", ({ batch, tree, control }) => {
  tell(tree === undefined ? hashBatch(batch, control) : hashTree(tree, control, tell));
});
