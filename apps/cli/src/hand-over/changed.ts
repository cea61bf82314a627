import { TouchmarkError } from "@touchmark/core";

/** Somebody put other bytes there after the verdict. */
export function changed(name: string): TouchmarkError {
  return new TouchmarkError("FILE_CHANGED", `${name} is not what was verified any more; nothing is handed over`, {
    expected: "the bytes that were verified",
    actual: "other bytes",
  });
}
