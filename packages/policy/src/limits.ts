/** A policy file. 10,000 rules of ten lines have 3 MB. Unit: bytes. */
export const MAX_POLICY_BYTES = 8 * 1024 * 1024;

/** Rules of one policy; an organisation's packages, each with its own. Unit: rules. */
export const MAX_RULES = 20_000;

/** Exceptions of one policy. Unit: exceptions. */
export const MAX_EXCEPTIONS = 10_000;

/** Patterns of one rule or exception. Unit: patterns. */
export const MAX_PATTERNS = 100;

/** One pattern; matching takes time by the product of its length and the name's. Unit: characters. */
export const MAX_PATTERN = 512;

/** Values of one key: builders, build types, platforms, parameters. Unit: values. */
export const MAX_VALUES = 100;

/** A name, URI, tag or reason in a policy. Unit: characters. */
export const MAX_TEXT = 2_048;

/** Builders that must agree; nobody has more that are run apart. Unit: builders. */
export const MAX_BUILDERS = 10;

/** One expression. Unit: characters. */
export const MAX_CONDITION = 2_048;

/** Nodes of one expression's syntax tree; the longest of our examples has 30. Unit: nodes. */
export const MAX_CONDITION_NODES = 300;

/** Nesting of one expression. Unit: levels. */
export const MAX_CONDITION_DEPTH = 32;

/** Loops in loops of one expression: of what it writes itself, 100 elements each, it makes a million at most. Unit: loops. */
export const MAX_CONDITION_LOOPS = 3;

/** Elements of a list or map written in an expression. Unit: elements. */
export const MAX_CONDITION_ELEMENTS = 100;

/**
 * What one evaluation may read of the evidence, which a stranger may have made large: a step for each value, and for each
 * {@link CHARACTERS_PER_STEP} characters of a text. It takes about a second at most. Unit: steps.
 */
export const MAX_CONDITION_STEPS = 1_000_000;

/** Characters that are searched or compared as fast as one value is read. Unit: characters. */
export const CHARACTERS_PER_STEP = 64;

/** The longest text of the evidence that an expression may read. Unit: characters. */
export const MAX_CONDITION_TEXT = 65_536;

/** Problems of one file that are listed. Unit: problems. */
export const MAX_PROBLEMS = 1_000;

/** Parameters in one finding. Unit: parameters. */
export const MAX_SHOWN_PARAMETERS = 5;
