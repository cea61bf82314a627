/** For those who load it on use: by a file of its own, so that nothing is loaded both ways. */
export { readLeaf } from "./leaf.ts";
