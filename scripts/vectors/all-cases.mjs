// Every vector, in the order of docs/verification.md.
import { bundleCases } from "./bundle-cases.mjs";
import { caseList } from "./case-list.mjs";
import { cloudBuildCases } from "./cloud-build-cases.mjs";
import { folderCases } from "./folder-cases.mjs";
import { imageCases } from "./image-cases.mjs";
import { keyedRelease } from "./keyed-release.mjs";
import { agreementCases } from "./keyless/agreement-cases.mjs";
import { certificateCases } from "./keyless/certificate-cases.mjs";
import { checkpointCases } from "./keyless/checkpoint-cases.mjs";
import { denyCases } from "./keyless/deny-cases.mjs";
import { expectationCases } from "./keyless/expectation-cases.mjs";
import { fileSignatureCases } from "./keyless/file-signature-cases.mjs";
import { formatCases } from "./keyless/format-cases.mjs";
import { generatorCases } from "./keyless/generator-cases.mjs";
import { identityCases } from "./keyless/identity-cases.mjs";
import { keylessRelease } from "./keyless/keyless-release.mjs";
import { limitCases } from "./keyless/limit-cases.mjs";
import { logCases } from "./keyless/log-cases.mjs";
import { npmCases, pypiCases } from "./keyless/npm-cases.mjs";
import { policyCases } from "./keyless/policy-cases.mjs";
import { rollbackCases } from "./keyless/rollback-cases.mjs";
import { rootsCases } from "./keyless/roots-cases.mjs";
import { timeCases } from "./keyless/time-cases.mjs";
import { timestampCases } from "./keyless/timestamp-cases.mjs";
import { trustCases } from "./keyless/trust-cases.mjs";
import { kitCases } from "./kit-cases.mjs";
import { nameCases } from "./name-cases.mjs";
import { releaseCases } from "./release-cases.mjs";
import { statementCases } from "./statement-cases.mjs";
import { summaryCases } from "./summary-cases.mjs";
import { tektonCases } from "./tekton-cases.mjs";
import { treeCases } from "./tree-cases.mjs";

export { serviceCases } from "./service-cases.mjs";

/** @param keys - name → key pair. */
export function allCases(keys) {
  const list = caseList();
  const release = keyedRelease(list, keys);
  for (const family of [
    bundleCases,
    statementCases,
    nameCases,
    folderCases,
    releaseCases,
    imageCases,
    kitCases,
    treeCases,
    summaryCases,
    tektonCases,
  ]) {
    family(release, keys);
  }
  const signed = keylessRelease(list);
  for (const family of [
    timeCases,
    certificateCases,
    logCases,
    checkpointCases,
    timestampCases,
    rootsCases,
    identityCases,
    expectationCases,
    agreementCases,
    generatorCases,
    formatCases,
    denyCases,
    rollbackCases,
    limitCases,
    fileSignatureCases,
    npmCases,
    pypiCases,
    policyCases,
    trustCases,
  ]) {
    family(signed, keys);
  }
  cloudBuildCases(list);
  return list.list;
}
