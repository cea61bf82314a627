// Swaps two contents of one file for ever: by renaming another over it, and by writing into it.
import { closeSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";

const [file, good, evil] = process.argv.slice(2);
const pause = new Int32Array(new SharedArrayBuffer(4));
const rest = () => Atomics.wait(pause, 0, 0, Math.random() < 0.5 ? 0 : Math.random() * 2);

function replace(content) {
  writeFileSync(`${file}.next`, content);
  renameSync(`${file}.next`, file);
}

process.stdout.write("swapping\n");
for (;;) {
  replace(evil);
  rest();
  replace(good);
  rest();
  // The same file, with the same size: what was opened before sees it too.
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, evil, 0);
  closeSync(descriptor);
  rest();
  replace(good);
  rest();
}
