// Every vector, in the order of docs/verification.md.
import { bundleCases } from "./bundle-cases.mjs";
import { caseList } from "./case-list.mjs";
import { folderCases } from "./folder-cases.mjs";
import { imageCases } from "./image-cases.mjs";
import { keyedRelease } from "./keyed-release.mjs";
import { nameCases } from "./name-cases.mjs";
import { statementCases } from "./statement-cases.mjs";
import { treeCases } from "./tree-cases.mjs";

/** @param keys - name → key pair. */
export function allCases(keys) {
  const list = caseList();
  const release = keyedRelease(list, keys);
  for (const family of [bundleCases, statementCases, nameCases, folderCases, imageCases, treeCases]) {
    family(release, keys);
  }
  return list.list;
}
