/** Loaded on use, by a file of our own, so that the program is built of few pieces. */
export { Environment } from "@marcbachmann/cel-js";
