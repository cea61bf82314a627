import { MAX_PATTERN } from "./limits.ts";

/**
 * A pattern for whole names: `*` stands for any characters but `/`, also none; `**` for any characters. Everything else stands
 * for itself, and upper and lower case differ.
 */
export interface Glob {
  readonly text: string;
  /** What every name that matches begins with; the whole name where there is no star. */
  readonly prefix: string;
  /** What every name that matches ends in, after the last star. */
  readonly suffix: string;
  /** The pieces in order: a text, one star (within a segment), or two. */
  readonly tokens: readonly GlobToken[];
}

type GlobToken = string | typeof SEGMENT | typeof ANYTHING;

const SEGMENT = Symbol("*");
const ANYTHING = Symbol("**");

/**
 * Reads a pattern.
 *
 * @returns a text that says what is wrong with it, for one that could be meant in another language of patterns.
 */
export function readGlob(text: string): Glob | string {
  if (text === "") return "an empty pattern matches nothing";
  if (text.length > MAX_PATTERN) return `a pattern has at most ${MAX_PATTERN} characters`;
  if (/[[\]{}\\]/.test(text)) return "only * and ** stand for other characters; [ ] { } and \\ are not read";
  if (text.includes("***")) return "three stars in a row mean nothing more than two";
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text)) return "a pattern holds no control characters";
  const tokens = text
    .split(/(\*{1,2})/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece === "*" ? SEGMENT : piece === "**" ? ANYTHING : piece));
  const [first, last] = [tokens[0], tokens.at(-1)];
  return {
    text,
    prefix: typeof first === "string" ? first : "",
    suffix: typeof last === "string" ? last : "",
    tokens,
  };
}

/** True for a pattern that is a name. */
export function isLiteral({ tokens }: Glob): boolean {
  return tokens.length === 1 && typeof tokens[0] === "string";
}

/** True where the pattern matches every name with its prefix. */
export function isPrefix({ tokens, prefix }: Glob): boolean {
  return tokens.at(-1) === ANYTHING && tokens.length === (prefix === "" ? 1 : 2);
}

/**
 * Whether a name matches as a whole. The name is walked through once, with the set of places in the pattern that are possible
 * so far: no name, however chosen, takes longer than its length times that of the pattern.
 */
export function matchesGlob(glob: Glob, name: string): boolean {
  const { prefix, suffix } = glob;
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false;
  if (isLiteral(glob)) return name === prefix;
  if (isPrefix(glob)) return true;
  const places = placesOf(glob);
  let now = new Uint8Array(places.length + 1);
  now[0] = 1;
  skipStars(places, now);
  for (let index = 0; index < name.length; index += 1) {
    const next = new Uint8Array(places.length + 1);
    const character = name[index];
    let possible = false;
    for (const [at, place] of places.entries()) {
      if (now[at] !== 1) continue;
      const stays = place === ANYTHING || (place === SEGMENT && character !== "/");
      if (stays) next[at] = 1;
      else if (place === character) next[at + 1] = 1;
      else continue;
      possible = true;
    }
    if (!possible) return false;
    skipStars(places, next);
    now = next;
  }
  return now[places.length] === 1;
}

function placesOf({ tokens }: Glob): readonly GlobToken[] {
  return tokens.flatMap((token): readonly GlobToken[] => (typeof token === "string" ? token.split("") : [token]));
}

/** A star may stand for nothing. */
function skipStars(places: readonly GlobToken[], now: Uint8Array): void {
  for (const [at, place] of places.entries()) {
    if (now[at] === 1 && typeof place !== "string") now[at + 1] = 1;
  }
}
