import { API_VERSION, defineAdapter, z } from "@touchmark/plugin";

export const nix = defineAdapter({
  apiVersion: API_VERSION,
  name: "nix",
  completeness: "manifest",
  marks: [],
  suggest: {},
  options: z.strictObject({ path: z.string() }),
  fromArgument: (argument) => ({ path: argument ?? "." }),
  collect: async () => null,
});
