export { type ArtifactsListOptions, artifactsList } from "./artifacts-list.ts";
export { type Base64SubjectsOptions, base64Subjects } from "./base64-subjects.ts";
export { type ChecksumsOptions, checksums } from "./checksums.ts";
export { type FilesOptions, files } from "./files.ts";
