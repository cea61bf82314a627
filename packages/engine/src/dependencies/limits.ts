/** How far dependencies of dependencies are followed. A chain of builds is seldom longer than ten. Unit: steps. */
export const MAX_DEPENDENCY_DEPTH = 100;

/** Different dependencies in one run; a large lock file has some ten thousand. Unit: dependencies. */
export const MAX_DEPENDENCIES = 100_000;

/**
 * What is looked at to count the dependencies of every artifact: many artifacts of different builds could each have all of the
 * dependencies above. Unit: dependencies, each as often as it is counted.
 */
export const MAX_COUNTED = 10_000_000;
