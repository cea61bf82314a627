import { fitting, mutateBytes } from "./bytes.ts";
import type { Random } from "./random.ts";

/** Changes what a text encodes: base64 of DER, PEM, JSON in JSON. */
export type MutateInside = (text: string, random: Random) => string;

/** JSON as it is written: keys may come twice, and a scalar may be no JSON at all. */
type Node =
  | { readonly kind: "object"; readonly members: [key: string, value: Node][] }
  | { readonly kind: "array"; readonly items: Node[] }
  | { readonly kind: "scalar"; text: string };

/** What is nested deeper is changed as bytes. */
const MAX_DEPTH = 64;

/** A place where a node stands, to put another one there. */
interface Place {
  readonly node: Node;
  put(node: Node): void;
}

/** @returns null for what is no JSON object or array. */
export function mutateJson(
  bytes: Uint8Array,
  random: Random,
  others: readonly Uint8Array[],
  inside: MutateInside,
): Uint8Array | null {
  const value = jsonIn(bytes);
  if (typeof value !== "object" || value === null) return null;
  if (depthOf(Buffer.from(bytes).toString("latin1")) > MAX_DEPTH) return null;
  let root = nodeOf(value);
  const places = placesIn({ node: root, put: (node) => (root = node) });
  change(random.pick(places), random, places, inside);
  const text = Buffer.from(written(root));
  // A key or a text with bytes that are no UTF-8.
  return random.below(40) === 0 ? mutateBytes(text, random, others) : text;
}

function change(place: Place, random: Random, places: readonly Place[], inside: MutateInside): void {
  const { node } = place;
  const texts = places.filter((other) => other.node.kind === "scalar" && other.node.text.startsWith('"'));
  switch (random.below(7)) {
    case 0:
    case 1:
    case 2: {
      if (texts.length === 0) return;
      const chosen = random.pick(texts);
      if (chosen.node.kind !== "scalar") return;
      chosen.put(scalar(JSON.stringify(inside(JSON.parse(chosen.node.text) as string, random))));
      return;
    }
    case 3:
      place.put(scalar(random.pick(HOSTILE)()));
      return;
    case 4:
      place.put(copy(random.pick(places)));
      return;
    case 5:
      if (node.kind === "object") node.members.push([random.pick(KEYS), copy(random.pick(places))]);
      else if (node.kind === "array") {
        const one = node.items[0] ?? scalar("{}");
        const count = fitting(random.pick([1, 40, 3_000]), written(one).length);
        node.items.push(...Array<Node>(count).fill(one));
      } else place.put(scalar(`[${written(node)}]`));
      return;
    default:
      if (node.kind === "object" && node.members.length > 0) {
        const at = random.below(node.members.length);
        const [key, value] = node.members[at] ?? ["", scalar("null")];
        const choice = random.below(3);
        if (choice === 0) node.members.splice(at, 1);
        else if (choice === 1) node.members.push([key, value]);
        else node.members[at] = [random.pick(KEYS), value];
      } else if (node.kind === "array" && node.items.length > 0) node.items.splice(random.below(node.items.length), 1);
      else place.put(scalar("null"));
  }
}

/** Each as it is written. */
const KEYS = ['"__proto__"', '"\\u005f_proto__"', '"constructor"', '"toString"', '""', '"\\ud800"', '"unknown"', '"0"'];

const HOSTILE: readonly (() => string)[] = [
  ...["null", "true", "{}", "[]", '""', "0", "-1", "-0", "0.5", "1e400", "9007199254740993", '"9007199254740993"'],
  ...[
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\u0000"',
    '"__proto__"',
    "NaN",
    "01",
    '{"__proto__":{"a":1}}',
    '"2026-13-45T99:99:99Z"',
  ],
  ...['"+275760-09-13T00:00:00.001Z"', '"https://[::1"', '"data:,"', '"-----BEGIN CERTIFICATE-----"', '"AAAA"', '"="'],
]
  .map((text) => () => text)
  .concat(
    () => "9".repeat(20_000),
    () => `"${"9".repeat(20_000)}"`,
    () => `"${"A".repeat(100_000)}"`,
    () => `"${"a/".repeat(50_000)}"`,
    () => `"${"\\u0061".repeat(10_000)}"`,
    () => `"${"\\n".repeat(30_000)}"`,
    () => `${"[".repeat(63)}${"]".repeat(63)}`,
    () => `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
    () => `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    () => `{${Array.from({ length: 5_000 }, (_, at) => `"${at}":0`).join()}}`,
  );

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { kind: "array", items: value.map(nodeOf) };
  if (typeof value !== "object" || value === null) return scalar(JSON.stringify(value));
  const members = Object.entries(value).map(([key, member]): [string, Node] => [JSON.stringify(key), nodeOf(member)]);
  return { kind: "object", members };
}

/** As text, so that nothing can be put into itself. */
function copy({ node }: Place): Node {
  return scalar(written(node));
}

/** At least the depth, and more where a text has brackets. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

function scalar(text: string): Node {
  return { kind: "scalar", text };
}

function placesIn(place: Place): Place[] {
  const { node } = place;
  if (node.kind === "scalar") return [place];
  const inside =
    node.kind === "array"
      ? node.items.map((item, at): Place => ({ node: item, put: (other) => (node.items[at] = other) }))
      : node.members.map((member): Place => ({ node: member[1], put: (other) => (member[1] = other) }));
  return [place, ...inside.flatMap(placesIn)];
}

function written(node: Node): string {
  switch (node.kind) {
    case "scalar":
      return node.text;
    case "array":
      return `[${node.items.map(written).join()}]`;
    case "object":
      return `{${node.members.map(([key, value]) => `${key}:${written(value)}`).join()}}`;
  }
}
