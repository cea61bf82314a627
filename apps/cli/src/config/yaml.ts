/** Loaded on use. By a file of our own, since the bundler gives a lazily imported CommonJS package no named exports. */
export { LineCounter, parseDocument, stringify } from "yaml";
