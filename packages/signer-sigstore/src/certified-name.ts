/**
 * Whom a certificate names, out of what Node says of its subject alternative names: Node quotes a name with characters that
 * could end it, and makes a list of several, which then equals nobody's name.
 * Source: https://nodejs.org/api/crypto.html#x509subjectaltname
 */
export function certifiedName(subjectAltName: string | undefined): string {
  const name = (subjectAltName ?? "").replace(/^(?:URI|email):/, "");
  if (!/^"(?:[^"\\]|\\.)*"$/.test(name)) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return name;
  }
}
