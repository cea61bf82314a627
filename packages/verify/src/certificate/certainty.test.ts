import { expect, it } from "vitest";
import { certainty } from "./certainty.ts";

const stranger = "the evidence is by a certificate authority that nobody trusts";

it("what is wrong says more than roots that are too old, and these more than roots that know nobody", () => {
  const wrong = certainty({ code: "CERTIFICATE_INVALID", message: "the certificate cannot be read" });
  expect(certainty({ code: "LOG_ENTRY_INVALID", message: stranger })).toBe(wrong);
  expect(wrong).toBeGreaterThan(certainty({ code: "ROOTS_STALE", message: "" }));
  expect(certainty({ code: "ROOTS_ROLLBACK", message: "" })).toBe(certainty({ code: "ROOTS_STALE", message: "" }));
  expect(certainty({ code: "ROOTS_STALE", message: "" })).toBeGreaterThan(
    certainty({ code: "CERTIFICATE_INVALID", message: stranger }),
  );
});
