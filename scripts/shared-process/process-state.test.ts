import { tmpdir } from "node:os";
import { expect, it, vi } from "vitest";
import { type ProcessState, processState } from "./process-state.ts";

const cwd = process.cwd();
const umask = process.umask();
const listener = () => {};

it.each<[keyof ProcessState, () => void, () => void]>([
  ["cwd", () => process.chdir(tmpdir()), () => process.chdir(cwd)],
  ["umask", () => process.umask(0o027), () => process.umask(umask)],
  ["variables", () => Reflect.set(process.env, "LEFT", "1"), () => Reflect.deleteProperty(process.env, "LEFT")],
  ["fakeTimers", () => vi.useFakeTimers({ toFake: ["Date"] }), () => vi.useRealTimers()],
  ["globals", () => Reflect.set(globalThis, "left", 1), () => Reflect.deleteProperty(globalThis, "left")],
  [
    "ofObjects",
    () => Object.defineProperty(Object.prototype, "left", { value: 1, configurable: true }),
    () => Reflect.deleteProperty(Object.prototype, "left"),
  ],
  ["listeners", () => process.on("SIGHUP", listener), () => process.off("SIGHUP", listener)],
])("sees what a file leaves behind: %s", (name, leave, takeAway) => {
  const before = processState();
  leave();
  const after = processState();
  takeAway();
  expect(after).toEqual({ ...before, [name]: after[name] });
  expect(after[name]).not.toEqual(before[name]);
  expect(processState()).toEqual(before);
});
