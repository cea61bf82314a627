import { vi } from "vitest";

/** What one test file could leave changed for the next one in the same process. */
export interface ProcessState {
  readonly cwd: string;
  readonly umask: number;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly fakeTimers: boolean;
  /** Names of what is global, but for what zod keeps there from when it is loaded, which may be late; and of what every object has. */
  readonly globals: readonly string[];
  readonly ofObjects: readonly string[];
  /** How often each event of the process is listened to. */
  readonly listeners: Readonly<Record<string, number>>;
}

export function processState(): ProcessState {
  const events = process.eventNames().map((name) => [String(name), process.listenerCount(name)] as const);
  return {
    cwd: process.cwd(),
    umask: process.umask(),
    variables: { ...process.env },
    fakeTimers: vi.isFakeTimers(),
    globals: Object.getOwnPropertyNames(globalThis)
      .filter((name) => !name.startsWith("__zod_"))
      .sort(),
    ofObjects: Object.getOwnPropertyNames(Object.prototype).sort(),
    listeners: Object.fromEntries(events.sort()),
  };
}
