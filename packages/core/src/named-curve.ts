/** What is asked of Node's `KeyObject`. */
interface Key {
  readonly type: string;
  readonly asymmetricKeyType?: string | undefined;
  readonly asymmetricKeyDetails?: { readonly namedCurve?: string | undefined } | undefined;
  export(options: { type: "spki"; format: "der" }): unknown;
}

/**
 * The curve of an EC key.
 *
 * Node 20 and 22 end the whole process, by an assertion, when they are asked for the details of a public key whose point is at
 * infinity, or for its JWK. OpenSSL reads such a key and does not write it (RFC 5480 section 2.2 leaves it out), so that is tried
 * first, of each key once: it takes twice as long as to verify a signature.
 *
 * @returns OpenSSL's name of the curve (`prime256v1`); null for a key of another kind, or of a curve that has no name, and for
 * a point that is none.
 */
export function namedCurve(key: Key): string | null {
  let curve = KNOWN.get(key);
  if (curve === undefined) {
    const isAskable = key.asymmetricKeyType === "ec" && (key.type !== "public" || hasEncoding(key));
    curve = isAskable ? (key.asymmetricKeyDetails?.namedCurve ?? null) : null;
    KNOWN.set(key, curve);
  }
  return curve;
}

const KNOWN = new WeakMap<Key, string | null>();

function hasEncoding(key: Key): boolean {
  try {
    key.export({ type: "spki", format: "der" });
    return true;
  } catch {
    return false;
  }
}
