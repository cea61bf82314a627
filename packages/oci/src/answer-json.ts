/** What a registry or a token service answered, for a schema to check; null for what is no JSON. */
export function answerJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
