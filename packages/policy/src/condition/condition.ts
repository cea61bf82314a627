import { type Finding, finding } from "@touchmark/core";
import type { Expectation } from "../expectations/expectation.ts";
import type { ArtifactFacts, StatementFacts } from "../facts.ts";
import { MAX_CONDITION_DEPTH, MAX_CONDITION_ELEMENTS, MAX_CONDITION_NODES } from "../limits.ts";
import { FIELDS } from "./fields.ts";
import { Meter, metered } from "./meter.ts";
import { notOffered } from "./offered.ts";

/** An expression that was understood. */
export interface Condition {
  /** Why it does not hold for a statement; null where it is true. */
  readonly check: Expectation;
}

/** Reads an expression; a text says what is wrong with it. */
export type ReadCondition = (text: string) => Condition | string;

/**
 * What reads expressions, in the Common Expression Language (https://cel.dev). Loaded for the policies that have any.
 *
 * Bounded: the expression by its length, nodes and nesting; a run by what it reads of the statement, which a stranger may have
 * made large. An expression that cannot be computed, or is no truth value, does not hold.
 */
export async function conditionReader(): Promise<ReadCondition> {
  const { Environment } = await import("./cel.ts");
  const environment = new Environment({
    enableOptionalTypes: false,
    limits: {
      maxAstNodes: MAX_CONDITION_NODES,
      maxDepth: MAX_CONDITION_DEPTH,
      maxListElements: MAX_CONDITION_ELEMENTS,
      maxMapEntries: MAX_CONDITION_ELEMENTS,
      maxCallArguments: 4,
    },
  })
    .registerVariable("statement", "map")
    .registerVariable("times", "list<google.protobuf.Timestamp>")
    .registerVariable({ name: "subject", schema: FIELDS.subject })
    .registerVariable({ name: "signer", schema: FIELDS.signer })
    .registerVariable({ name: "artifact", schema: FIELDS.artifact });
  const known = new Map<string, Condition | string>();
  const read = (text: string): Condition | string => {
    try {
      const run = environment.parse(text);
      const refused = notOffered(run.ast);
      if (refused !== null) return refused;
      const { valid, type, error } = run.check();
      if (!valid) return firstLine(error);
      if (type !== "bool" && type !== "dyn") return `this is a ${type}, and a condition must be true or false`;
      return conditionOf(text, run);
    } catch (error) {
      return firstLine(error);
    }
  };
  return (text) => {
    const condition = known.get(text) ?? read(text);
    known.set(text, condition);
    return condition;
  };
}

function conditionOf(text: string, run: (variables: Record<string, unknown>) => unknown): Condition {
  return {
    check(facts, artifact) {
      const meter = new Meter();
      const outcome = attempt(() => run(variablesOf(facts, artifact, meter)));
      if (meter.isUsedUp) return failed(text, "it reads too much of the statement");
      if ("error" in outcome) return failed(text, outcome.error);
      if (outcome.value === true) return null;
      return failed(text, outcome.value === false ? "false" : "it is neither true nor false");
    },
  };
}

/** What nobody says is absent, so that an expression which uses it does not hold; `has(signer.issuer)` asks. */
function variablesOf(facts: StatementFacts, artifact: ArtifactFacts, meter: Meter): Record<string, unknown> {
  const { subject, signer, times, statement } = facts;
  return {
    ...(statement === null ? {} : { statement: metered(statement, meter) }),
    ...(times === null ? {} : { times: times.map((time) => new Date(time)) }),
    subject: said({ name: subject.name, digest: { ...subject.digest } }),
    signer: said(signer, Object.keys(FIELDS.signer)),
    artifact: said({ ...artifact, names: [...artifact.names], digests: [...artifact.digests] }),
  };
}

function said(values: object, names: readonly string[] = Object.keys(values)): Record<string, unknown> {
  const kept = Object.entries(values).filter(([name, value]) => names.includes(name) && value !== null);
  return Object.fromEntries(kept);
}

function attempt(run: () => unknown): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: run() };
  } catch (error) {
    return { error: firstLine(error) };
  }
}

function failed(text: string, actual: string): Finding {
  return finding("CONDITION_FAILED", "a condition of the policy does not hold", { expected: text, actual });
}

/** The library draws the expression in the lines below. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, 200);
}
