import { expect, test } from "vitest";
import { fileOfEntry } from "./host-file.ts";

test("fileOfEntry asks for a size only when it is asked itself", () => {
  let asked = 0;
  const entry = {
    path: "dist/linux/tool",
    name: "linux/tool",
    kind: "file" as const,
    get size() {
      asked += 1;
      return 3;
    },
  };
  const file = fileOfEntry(entry);
  expect([file.path, file.name, asked]).toEqual(["dist/linux/tool", "tool", 0]);
  expect([file.size, asked]).toEqual([3, 1]);
});
