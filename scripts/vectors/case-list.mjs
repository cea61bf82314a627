// A list of vectors, as families fill it. A `_fail` vector differs from its twin in one thing.

/**
 * @returns `pass(name, why, content)`, `fail(name, error, twin, why, content)` and the `list` that they fill. `content` is
 * `{ files, args }`: files by path, and what differs from the arguments that every vector has.
 */
export function caseList() {
  const list = [];
  const add = (name, error, twin, why, { files, args = {} }) => list.push({ name, error, twin, why, files, args });
  return {
    list,
    pass: (name, why, content) => add(name, null, null, why, content),
    fail: (name, error, twin, why, content) => add(name, error, twin, why, content),
  };
}
