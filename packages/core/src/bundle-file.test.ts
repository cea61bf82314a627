import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { encodeKeyBundle } from "./bundle.ts";
import { parseBundleFile } from "./bundle-file.ts";

// Large inputs, on machines that do other things as well.
vi.setConfig({ testTimeout: 60_000 });

const utf8 = (text: string) => new TextEncoder().encode(text);
const good = (hint: string) =>
  new TextDecoder().decode(encodeKeyBundle({ payloadType: "t", payload: utf8("p"), signature: utf8("s"), hint }));
const pretty = (hint: string) => JSON.stringify(JSON.parse(good(hint)), null, 2);

/** `line:hint`, or `line:code` of what is none. */
function read(text: string): readonly string[] {
  return parseBundleFile(utf8(text)).map(({ line, bundle }) =>
    bundle instanceof Error ? `${line}:${bundle.code}` : `${line}:${"hint" in bundle.signer ? bundle.signer.hint : ""}`,
  );
}

test.each([
  ["one line", good("a"), ["1:a"]],
  ["one line and its end", `${good("a")}\n`, ["1:a"]],
  ["one line among blank ones", `\n \t\r\n${good("a")}\n\n`, ["1:a"]],
  ["one value over several lines", pretty("a"), ["1:a"]],
  ["the same with CRLF", `${pretty("a").replaceAll("\n", "\r\n")}\r\n`, ["1:a"]],
  ["the same after blank lines", `\n\n${pretty("a")}\n\n`, ["1:a"]],
  ["one value whose first line ends with a brace", good("a").replace('"publicKey":{', '"publicKey":{\n'), ["1:a"]],
  ["one value whose first line looks whole", `{"dsseEnvelope":{}\n}`, ["1:BUNDLE_MALFORMED"]],
  ["two lines", `${good("a")}\n${good("b")}\n`, ["1:a", "2:b"]],
  ["two lines without the last end", `${good("a")}\n${good("b")}`, ["1:a", "2:b"]],
  ["two lines with CRLF", `${good("a")}\r\n${good("b")}\r\n`, ["1:a", "2:b"]],
  ["blank lines between", `\n${good("a")}\n\n \t\n${good("b")}\n\n`, ["2:a", "5:b"]],
  ["a broken line first", `garbage\n${good("b")}\n`, ["1:BUNDLE_MALFORMED", "2:b"]],
  ["a broken line last", `${good("a")}\n{"cut":`, ["1:a", "2:BUNDLE_MALFORMED"]],
  ["a first line that is cut", `${good("a").slice(0, 80)}\n${good("b")}\n`, ["1:BUNDLE_MALFORMED", "2:b"]],
  ["a first line that is cut in a string", `{"a":"cut\n${good("b")}\n`, ["1:BUNDLE_MALFORMED", "2:b"]],
  ["a first line with a brace too many", `${good("a")}}\n${good("b")}\n`, ["1:BUNDLE_MALFORMED", "2:b"]],
  ["a first line in a list", `[${good("a")}]\n${good("b")}\n`, ["1:BUNDLE_MALFORMED", "2:b"]],
  ["two values on one line", `${good("a")}${good("b")}`, ["1:BUNDLE_MALFORMED"]],
  ["a value over several lines that is cut", pretty("a").slice(0, -3), ["1:BUNDLE_MALFORMED"]],
  ["nothing", "", ["1:BUNDLE_MALFORMED"]],
  ["blank lines only", "\n \n", ["1:BUNDLE_MALFORMED"]],
  ["a byte order mark", `\ufeff${good("a")}`, ["1:BUNDLE_MALFORMED"]],
])("%s", (_what, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("strings hold braces, quotes and escapes", () => {
  const hint = '}{"\\"]\\';
  expect(read(pretty(hint))).toEqual([`1:${hint}`]);
  expect(read(`${good(hint)}\n${good("b")}`)).toEqual([`1:${hint}`, "2:b"]);
});

test("an entry has its own bytes", () => {
  const [first, second] = parseBundleFile(utf8(`${good("a")}\n\n ${good("b")}\r\n`));
  expect(new TextDecoder().decode(first?.bytes)).toBe(good("a"));
  expect(new TextDecoder().decode(second?.bytes)).toBe(` ${good("b")}\r`);
});

test("no line spoils another: good ones are found among any others", () => {
  const line = fc.constantFrom(good("a"), good("b"), "", " ", "garbage", "{", "}", '{"a":"', "[1]", "{}", '{"a":{}}');
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 6 }), (lines) => {
      const wanted = lines.flatMap((text, at) => (text === good("a") || text === good("b") ? [at + 1] : []));
      // A brace that opens before and one that closes behind make one value of the file, which nobody writes.
      fc.pre(!(lines.includes("{") && lines.includes("}")));
      const found = parseBundleFile(utf8(lines.join("\n")));
      const whole = found.length === 1 && lines.filter((text) => text.trim() !== "").length === 1;
      if (whole && wanted.length === 1) expect(found[0]?.bundle).toHaveProperty("payloadType", "t");
      else {
        expect(found.filter(({ bundle }) => !(bundle instanceof Error)).map((entry) => entry.line)).toEqual(wanted);
      }
    }),
    { numRuns: 1000 },
  );
});

describe("limits", () => {
  test("10,000 lines are read, blank ones aside; 10,001 are too many", () => {
    const lines = "{}\n\n".repeat(10_000);
    expect(parseBundleFile(utf8(lines))).toHaveLength(10_000);
    expect(() => parseBundleFile(utf8(`${lines}{}`))).toThrow(expect.objectContaining({ code: "EVIDENCE_TOO_LARGE" }));
  });

  test.each([
    ["lines", "{}\n", 1_000_000],
    ["blank lines", "\n", 5_000_000],
    ["lines that open", "{\n", 5_000_000],
    ["lines that open a string", '{"\n', 5_000_000],
    ["lines of garbage", "x\n", 5_000_000],
  ])("%s without end are answered", { timeout: 60_000 }, (_what, line, count) => {
    const bytes = utf8(`{}\n${line.repeat(count)}{}`);
    try {
      expect(parseBundleFile(bytes).length).toBeLessThan(3);
    } catch (error) {
      expect(error).toMatchObject({ code: "EVIDENCE_TOO_LARGE" });
    }
  });

  test("above 64 MiB nothing is looked at", () => {
    expect(() => parseBundleFile(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: "EVIDENCE_TOO_LARGE" }),
    );
  });
});
