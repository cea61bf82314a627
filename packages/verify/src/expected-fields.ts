import type { Code } from "@touchmark/core";
import type { CertificateClaims } from "./certificate/claims.ts";
import { MAX_CERTIFICATE_TEXT } from "./certificate/limits.ts";
import { refused } from "./certificate/refused.ts";
import { usage } from "./match.ts";

/** What a field of the certificate must be, exactly. A field that the certificate does not have is never what it must be. */
export type ExpectedFields = { readonly [name in FieldName]?: string };

export type FieldName = keyof typeof FIELDS;

interface Field {
  /** In Fulcio's words: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md */
  readonly what: string;
  readonly code: Code;
  readonly form: RegExp;
  /** The form for people. */
  readonly written: string;
}

const TEXT = { form: /^[\x21-\x7e]+$/, written: "ASCII without spaces" } as const;
const COMMIT = { form: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, written: "40 or 64 hex digits in lower case" } as const;

const FIELDS = {
  sourceRef: {
    what: "source ref",
    code: "SOURCE_MISMATCH",
    form: /^refs\/\S+$/,
    written: "refs/tags/NAME or refs/heads/NAME",
  },
  sourceCommit: { what: "source commit", code: "SOURCE_MISMATCH", ...COMMIT },
  sourceRepositoryId: { what: "id of the source repository", code: "SOURCE_MISMATCH", ...TEXT },
  sourceOwnerId: { what: "id of the source's owner", code: "SOURCE_MISMATCH", ...TEXT },
  runnerEnvironment: {
    what: "kind of runner",
    code: "CERTIFICATE_MISMATCH",
    form: /^[a-z0-9-]+$/,
    written: "github-hosted, gitlab-hosted or self-hosted",
  },
  trigger: { what: "trigger", code: "CERTIFICATE_MISMATCH", ...TEXT },
  buildConfig: {
    what: "started workflow",
    code: "CERTIFICATE_MISMATCH",
    form: /^https?:\/\/[\x21-\x7e]+$/,
    written: "a URI such as https://github.com/OWNER/REPO/.github/workflows/release.yml@refs/tags/v1",
  },
  buildConfigCommit: { what: "commit of the started workflow", code: "CERTIFICATE_MISMATCH", ...COMMIT },
  buildSignerCommit: { what: "commit of the signing workflow", code: "CERTIFICATE_MISMATCH", ...COMMIT },
  environment: {
    what: "deployment environment",
    code: "CERTIFICATE_MISMATCH",
    form: /^\P{C}+$/u, // GitHub's may have spaces and any letters
    written: "the environment's name",
  },
} as const satisfies { readonly [name in keyof CertificateClaims]?: Field };

/**
 * Fields as they may be asked for.
 *
 * @throws TouchmarkError `USAGE` for a field that is not known, and for a value that no certificate has there.
 */
export function expectedFields(given: Readonly<Record<string, string>>): ExpectedFields {
  for (const [name, value] of Object.entries(given)) {
    if (!isField(name)) {
      throw usage("a certificate has no such field", Object.keys(FIELDS).join(", "), JSON.stringify(name));
    }
    const { what, form, written } = FIELDS[name];
    if (value.length > MAX_CERTIFICATE_TEXT || !form.test(value)) {
      throw usage(`this is no ${what}`, written, JSON.stringify(value.slice(0, 120)));
    }
  }
  return { ...given };
}

/**
 * Compares each expected field with what the certificate says.
 *
 * @throws TouchmarkError `SOURCE_MISMATCH`, `CERTIFICATE_MISMATCH`.
 */
export function checkFields(claims: CertificateClaims, expected: ExpectedFields): void {
  for (const [name, value] of Object.entries(expected)) {
    if (!isField(name)) throw new TypeError(`no field ${name}`);
    const certified = claims[name];
    if (certified === value) continue;
    const { what, code } = FIELDS[name];
    throw refused(code, `the certificate names another ${what} than you expect`, {
      expected: value,
      actual: certified ?? "nothing: the certificate does not say",
    });
  }
}

function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
