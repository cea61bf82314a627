import { algorithmByName, type DigestAlgorithm } from "@touchmark/core";

/**
 * The algorithm that a checksum list's own name gives away: `SHA256SUMS`, `SHASUMS256.txt`, `tool.tar.gz.sha3-256`,
 * `b2sum.txt`, `tool_1.0_sha256_checksums.txt`.
 *
 * @returns null when the name gives none, or more than one.
 */
export function algorithmOfListName(fileName: string): DigestAlgorithm | null {
  const words = fileName.toLowerCase().split(/[^a-z0-9]+/);
  const found = new Set<DigestAlgorithm>();
  for (let at = 0; at < words.length; at += 1) {
    const pair = algorithmByName(`${words[at]}_${words[at + 1]}`); // sha3-256, sha-256, sha512-256
    const algorithm = pair ?? algorithmOfWord(words[at] ?? "");
    if (pair !== null) at += 1;
    if (algorithm !== null) found.add(algorithm);
  }
  const [only] = found;
  return found.size === 1 ? (only ?? null) : null;
}

/**
 * The name of the file that a digest file stands beside: `tool.tar.gz.sha256` → `tool.tar.gz`, `tool.md5sum` → `tool`.
 *
 * @returns null when the name does not end in an algorithm.
 */
export function stemOfDigestFile(fileName: string): string | null {
  const match = /^(.+?)\.([^.]+)(?:\.txt)?$/i.exec(fileName);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return algorithmOfListName(match[2]) === null ? null : match[1];
}

function algorithmOfWord(word: string): DigestAlgorithm | null {
  const plain = word.replace(/^shasums?(?=\d)/, "sha").replace(/sums?$/, "");
  return algorithmByName(plain === "b2" ? "blake2b" : plain);
}
