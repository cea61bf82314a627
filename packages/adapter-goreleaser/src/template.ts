import type { Metadata } from "./schema.ts";

/**
 * Fills in a GoReleaser template as far as metadata.json knows the values: `{{ .ProjectName }}`, `{{.Version}}`, `{{ .Tag }}`,
 * `{{ .PreviousTag }}`, `{{ .Commit }}`, `{{ .FullCommit }}`.
 *
 * @returns null when anything else stands in it (functions, `.Env`, conditions).
 */
export function fillTemplate(template: string, metadata: Metadata): string | null {
  const values: Readonly<Record<string, string>> = {
    ProjectName: metadata.project_name,
    Version: metadata.version,
    Tag: metadata.tag,
    PreviousTag: metadata.previous_tag ?? "",
    Commit: metadata.commit,
    FullCommit: metadata.commit,
  };
  const filled = template.replaceAll(/\{\{-?\s*\.(\w+)\s*-?\}\}/g, (whole, key: string) =>
    Object.hasOwn(values, key) ? (values[key] ?? "") : whole,
  );
  return filled.includes("{{") ? null : filled;
}
