import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { encodeKeyBundle, parseBundle } from "@touchmark/core";
import { signBundle, testSigstore } from "@touchmark/testkit/sigstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callCommand } from "../../test/call-command.ts";
import { ConvertReportSchema } from "../reports/convert.ts";
import { convertCommand } from "./convert.ts";
import { inspectCommand } from "./inspect.ts";

const statement = new TextEncoder().encode(
  JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "tool", digest: { sha256: "ab".repeat(32) } }],
    predicateType: "https://example.com/p",
  }),
);

let cwd: string;
const at = (name: string) => path.join(cwd, name);
beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), "touchmark-convert-"));
  const key = encodeKeyBundle({
    payloadType: "application/vnd.in-toto+json",
    payload: statement,
    signature: Uint8Array.of(1),
    hint: "h",
  });
  await writeFile(at("key.sigstore.json"), JSON.stringify(JSON.parse(new TextDecoder().decode(key)), null, 2));
  await writeFile(at("keyless.sigstore.json"), JSON.stringify(signBundle(testSigstore(), statement).bundle));
  await writeFile(at("broken.jsonl"), `${new TextDecoder().decode(key)}\n{}\n`);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const convert = (files: readonly string[], options: object, json = false) =>
  callCommand(convertCommand, files, options, { cwd, json });

describe("convert", () => {
  it("writes several files as one of JSON Lines", async () => {
    const { text, status } = await convert(["key.sigstore.json", "keyless.sigstore.json"], { to: "bundle" });
    expect(status).toBe(0);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => parseBundle(Buffer.from(line)).signer.kind)).toEqual(["key", "certificate"]);
  });

  it("writes a new file, and reads what it wrote", async () => {
    const { text } = await convert(["key.sigstore.json"], { to: "cosign-att", output: "layer.json" });
    expect(text).toBe("wrote layer.json: 1 piece as cosign-att; nothing was verified\n");
    const layer = JSON.parse(await readFile(at("layer.json"), "utf8"));
    expect(layer).toMatchObject({
      mediaType: "application/vnd.dsse.envelope.v1+json",
      digest: expect.stringMatching(/^sha256:/),
      annotations: { predicateType: "https://example.com/p" },
    });
    expect(Buffer.from(layer.data, "base64")).toHaveLength(layer.size);
    expect((await convert(["layer.json"], { to: "dsse" })).text).toBe(
      (await convert(["key.sigstore.json"], { to: "dsse" })).text,
    );
    const { text: shown } = await callCommand(inspectCommand, ["layer.json"], {}, { cwd });
    expect(shown).toContain("signed with   a key with hint h");
    await expect(convert(["key.sigstore.json"], { to: "dsse", output: "layer.json" })).rejects.toMatchObject({
      code: "OUTPUT_CONFLICT",
    });
  });

  it("counts the lines of a file of layers as they stand there", async () => {
    const layer = (await convert(["key.sigstore.json"], { to: "cosign-att" })).text.trimEnd();
    await writeFile(at("layers.jsonl"), `${layer}\n\n${layer}\n{"mediaType": "x"}\n`);
    const { text, status } = await callCommand(inspectCommand, ["layers.jsonl"], {}, { cwd });
    expect(status).toBe(1);
    expect(text.match(/layers\.jsonl:\d/g)).toEqual(["layers.jsonl:1", "layers.jsonl:3", "layers.jsonl:4"]);
  });

  it("loses nothing that was not named, and says what", async () => {
    const form = { to: "dsse", output: "lossy.json" };
    await expect(convert(["key.sigstore.json", "keyless.sigstore.json"], form)).rejects.toMatchObject({
      code: "CONVERSION_LOSSY",
      message: "keyless.sigstore.json would lose something as dsse",
      expected: "another form, or --lossy certificate --lossy log-entries --lossy timestamps where that is meant",
    });
    const most = { ...form, lossy: ["certificate", "log-entries"] };
    await expect(convert(["keyless.sigstore.json", "keyless.sigstore.json"], most)).rejects.toMatchObject({
      code: "CONVERSION_LOSSY",
      message: "keyless.sigstore.json and 1 more would lose something as dsse",
      actual: expect.stringMatching(/^timestamps \(/),
    });
    await expect(readFile(at("lossy.json"))).rejects.toMatchObject({ code: "ENOENT" });
    const { noted } = await convert(["keyless.sigstore.json"], { ...most, lossy: [...most.lossy, "timestamps"] });
    expect(noted.match(/^lost: [a-z-]+/gm)).toEqual(["lost: certificate", "lost: log-entries", "lost: timestamps"]);
  });

  it("says the same in a document, as its schema has it", async () => {
    const inline = await convert(["key.sigstore.json"], { to: "dsse" }, true);
    expect(ConvertReportSchema.parse(JSON.parse(inline.text))).toMatchObject({
      to: "dsse",
      count: 1,
      written: null,
      converted: [{ payloadType: "application/vnd.in-toto+json" }],
    });
    const options = { to: "cosign-att", lossy: ["log-entries"], output: "a.json" };
    const written = await convert(["keyless.sigstore.json"], options, true);
    expect(ConvertReportSchema.parse(JSON.parse(written.text))).toMatchObject({
      lost: ["log-entries"],
      written: "a.json",
      converted: null,
    });
  });

  it.each([
    ["--to", ["key.sigstore.json"], { to: "rekor" }, "USAGE"],
    ["--lossy", ["key.sigstore.json"], { to: "dsse", lossy: ["signature"] }, "USAGE"],
    ["a line that is no evidence", ["broken.jsonl"], { to: "bundle" }, "BUNDLE_MALFORMED"],
    ["a file that is not there", ["gone"], { to: "bundle" }, "INPUT_MISSING"],
    ["a layout that is none", ["oci-layout:."], { to: "bundle" }, "IMAGE_MALFORMED"],
  ])("refuses %s", async (_what, files, options, code) => {
    await expect(convert(files, options)).rejects.toMatchObject({ code });
  });
});
