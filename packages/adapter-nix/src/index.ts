export { nix } from "./nix.ts";
