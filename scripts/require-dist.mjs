// Runs before a package is packed, in its folder: without a build its tarball would hold no code.
import { existsSync } from "node:fs";

if (!existsSync("dist")) {
  const { npm_package_name: name = "this package" } = process.env;
  console.error(`${name} has no dist folder, so its tarball would be empty: run \`npm run build\` at the root first`);
  process.exit(1);
}
