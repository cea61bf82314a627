import { TouchmarkError } from "@touchmark/core";

/** @throws TouchmarkError `INPUT_TOO_LARGE`. */
export function checkSize(size: number, max: number, what: string): void {
  if (size <= max) return;
  throw new TouchmarkError("INPUT_TOO_LARGE", `${what} is too large`, {
    expected: `at most ${max} bytes`,
    actual: `${size} bytes`,
  });
}

/** https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests, `<reference>` as a tag. */
export function checkTag(tag: string, label: string): string {
  if (/^\w[\w.-]{0,127}$/.test(tag)) return tag;
  throw new TouchmarkError("INPUT_INVALID", `a tag of ${label} has a name that none has`, {
    expected: "letters, digits and . _ -, at most 128",
    actual: JSON.stringify(tag.slice(0, 200)),
  });
}
