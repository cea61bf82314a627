import { publicAddress as withoutSecrets } from "@touchmark/plugin";
import { MAX_ADDRESS } from "./limits.ts";

const PUBLIC = [
  "http:",
  "https:",
  "ftp:",
  "mirror:",
  "git:",
  "ssh:",
  "git+https:",
  "git+http:",
  "git+ssh:",
  "s3:",
  "gs:",
];

/** An address that Nix fetches from, as a stranger may see it; null for what is none. */
export function publicAddress(text: string): string | null {
  return text.length > MAX_ADDRESS ? null : withoutSecrets(text, PUBLIC);
}
