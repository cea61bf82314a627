import { API_VERSION, defineAdapter, z } from "@touchmark/plugin";

export const buildx = defineAdapter({
  apiVersion: API_VERSION,
  name: "buildx",
  completeness: "manifest",
  marks: [],
  suggest: {},
  options: z.strictObject({ path: z.string() }),
  fromArgument: (argument) => ({ path: argument ?? "." }),
  collect: async () => null,
});
