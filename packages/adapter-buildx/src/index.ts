export { buildx } from "./buildx.ts";
