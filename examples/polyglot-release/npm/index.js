/** The greeting for a name. */
export function greet(name = "world") {
  return `Hello, ${name}!`;
}
