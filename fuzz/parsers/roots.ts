import { parseBundle } from "../../packages/core/src/index.ts";
import { rootOf } from "../../packages/testkit/src/sigstore/index.ts";
import { authenticate } from "../../packages/verify/src/authenticate.ts";
import { PUBLIC_GOOD_ROOT } from "../../packages/verify/src/roots/public-good.ts";
import { Roots } from "../../packages/verify/src/roots/roots.ts";
import { bytesOf, sign, sigstore, trusting } from "../../packages/verify/test/certificate-cases.ts";
import type { Parser } from "../parser.ts";
import { text } from "./sound-inputs.ts";

const trustedRoot = rootOf(sigstore);
const signed = bytesOf(sign());
const trustConfig = { mediaType: "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json", trustedRoot };

/** Whom to believe: a file that the user named, or that a server gave. */
export const rootsParsers: readonly Parser[] = [
  {
    name: "roots",
    sound: [
      bytesOf(trustedRoot),
      bytesOf(trustConfig),
      text(JSON.stringify(trustedRoot), JSON.stringify(trustedRoot)),
      text(PUBLIC_GOOD_ROOT),
    ],
    codes: ["ROOTS_INVALID"],
    read: (bytes) => new Roots({ bytes, label: "roots.json", asOf: null }).list(),
  },
  {
    name: "roots-in-use",
    sound: [bytesOf(trustedRoot)],
    codes: ["ROOTS_INVALID"],
    read(bytes) {
      const roots = new Roots({ bytes, label: "roots.json", asOf: null });
      authenticate(parseBundle(signed), [trusting({ roots })]);
    },
  },
];
