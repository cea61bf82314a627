// `node e2e/peers/install.mjs`: brings the other projects' programs and files that the end-to-end tests use, and says what is there.
import { installGoFiles } from "./go-files.mjs";
import { installGoPrograms } from "./go-programs.mjs";
import { installPythonPrograms } from "./python-programs.mjs";

for (const install of [installGoPrograms, installGoFiles, installPythonPrograms]) {
  for (const line of install()) console.log(line);
}
