// The work of `npm run fuzz`, in a thread that watch.mjs watches.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { inputsFor } from "./inputs.ts";
import { type Parser, readWithin } from "./parser.ts";
import { allParsers } from "./parsers/all.ts";
import { Tally } from "./tally.ts";

/** What run.mjs read from the command line. */
interface Task {
  readonly seconds: number;
  readonly seed: number;
  /** All parsers when null. */
  readonly parser: string | null;
  /** One input to read instead of many; the path of a file. */
  readonly replay: string | null;
  readonly failures: string;
  /** Where each input is written before it is read, the parser's name beside it; null where none is. */
  readonly noted: string | null;
  /** Where the watcher sees what is read: a counter, the number of the parser, the length, the input. */
  readonly seen: SharedArrayBuffer;
}

/** Inputs of one parser before the next one gets its turn. */
const TURN = 50;

const task = workerData as Task;
const all = await allParsers();
parentPort?.postMessage(all.map(({ name }) => name));
const parsers = all.filter(({ name }) => task.parser === null || name === task.parser);
if (parsers.length === 0) {
  console.error(`no parser is called ${task.parser}, expected one of ${all.map(({ name }) => name).join(", ")}`);
  process.exitCode = 2;
} else if (task.replay !== null) {
  for (const parser of parsers) await replay(parser, new Uint8Array(readFileSync(task.replay)));
} else {
  await fuzz();
}

async function fuzz(): Promise<void> {
  const tallies = parsers.map((parser) => new Tally(parser));
  const end = performance.now() + task.seconds * 1_000;
  let seed = task.seed;
  // Code that was never run is compiled at the cost of the first input.
  for (const tally of tallies) for (const input of tally.parser.sound) await read(tally, input);
  while (performance.now() < end) {
    for (const tally of tallies) {
      if (performance.now() >= end) break;
      await turn(tally, seed);
      seed = (seed + 1) | 0;
    }
  }
  for (const tally of tallies) console.log(tally.line);
  const failed = tallies.filter(({ defect }) => defect !== null);
  const inputs = tallies.reduce((sum, tally) => sum + tally.inputs, 0);
  console.log(`seed ${task.seed}: ${inputs} inputs, ${parsers.length} parsers, ${failed.length} with a defect`);
  if (failed.length > 0) process.exitCode = 1;
}

/** A parser with a defect gets no more turns: the next input would show the same one. */
async function turn(tally: Tally, seed: number): Promise<void> {
  if (tally.defect !== null) return;
  const property = fc.asyncProperty(inputsFor(tally.parser), (input) => read(tally, input));
  const result = await fc.check(property, { seed, numRuns: TURN });
  if (!result.failed) return;
  const [input] = result.counterexample ?? [new Uint8Array()];
  tally.defect = String(result.errorInstance);
  const file = join(task.failures, `${tally.parser.name}-${seed >>> 0}.bin`);
  mkdirSync(task.failures, { recursive: true });
  writeFileSync(file, input);
  console.error(`\nDEFECT ${tally.defect}`);
  console.error(`  input of ${input.byteLength} bytes: ${file}`);
  console.error(`  again: npm run fuzz -- --parser ${tally.parser.name} --replay ${file}\n`);
}

async function replay(parser: Parser, input: Uint8Array): Promise<void> {
  note(all.indexOf(parser), input);
  const { code, cpuMs } = await readWithin(parser, input);
  console.log(`${parser.name}: ${code ?? "accepted"}, ${cpuMs.toFixed(1)} ms of processor time`);
}

async function read(tally: Tally, input: Uint8Array): Promise<void> {
  note(all.indexOf(tally.parser), input);
  tally.add(await readWithin(tally.parser, input));
}

function note(parser: number, input: Uint8Array): void {
  if (task.noted !== null) {
    writeFileSync(task.noted, input);
    writeFileSync(`${task.noted}.parser`, all[parser]?.name ?? "");
  }
  const head = new Int32Array(task.seen, 0, 3);
  head[1] = parser;
  head[2] = input.byteLength;
  new Uint8Array(task.seen, 12, input.byteLength).set(input);
  Atomics.add(head, 0, 1);
}
