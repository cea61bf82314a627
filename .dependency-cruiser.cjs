// The import half of the layer rules in CONTRIBUTING.md; scripts/check-layers.mjs runs it and adds the other half.
// Every rule has a planted violation in scripts/check-layers.test.ts, which must make it fail.

const { contract: L1, leaf: LEAF, engine: L3 } = require("./scripts/layers.cjs");

/** Tests, and what several of them share in the folder `test` of their package. */
const TEST = [String.raw`\.test\.ts$`, "^(?:packages|apps)/[^/]+/test/"];
const pkg = (names) => `^packages/(${names})/`;
/** Where the outside world may be touched. */
const OUTER = "^(packages/(host-node|testkit)|apps/[^/]+)/";
/** What a test may use beyond its package's own layer. */
const FOR_TESTS = [pkg("testkit|vectors"), "node_modules/(vitest|@vitest|fast-check)/"];

/** A layer rule in two parts, `from` a folder with a slash at its end: sources by `to`, tests by the same plus what tests may use. */
function layer(name, comment, from, allowed) {
  const to = (more) => ({ path: "^(packages|apps)/", pathNot: [...allowed, ...more] });
  return [
    { name, comment, severity: "error", from: { path: from, pathNot: TEST }, to: to([]) },
    {
      name: `${name}-tests`,
      comment,
      severity: "error",
      from: { path: String.raw`${from}(?:.*\.test\.ts$|test/)` },
      to: to(FOR_TESTS),
    },
  ];
}

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Two files that need each other are one file, or a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "not-to-unresolvable",
      comment: "An import that resolves to nothing is a rule that checks nothing.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "core-imports-zod-only",
      comment: "core is pure: zod and itself.",
      severity: "error",
      from: { path: pkg("core"), pathNot: TEST },
      to: { pathNot: [pkg("core"), "node_modules/zod/"] },
    },
    ...layer("core-is-lowest", "L0 knows nothing above it.", pkg("core"), [pkg("core")]),
    ...layer("contract-over-core", "L1 knows itself and core.", `^packages/(?!oci/)(${L1})/`, [
      pkg("core"),
      "^packages/$1/",
    ]),
    ...layer("oci-over-contract", "oci reads registries and layouts through the contract's Host.", pkg("oci"), [
      pkg("core|plugin|oci"),
    ]),
    ...layer(
      "leaves-are-apart",
      "L2 packages never import each other; what two share goes down a layer.",
      `^packages/(${LEAF})/`,
      [pkg("core"), pkg(L1), "^packages/$1/"],
    ),
    ...layer("engine-over-leaves", "L3 knows what is below; testkit may use the real Host.", `^packages/(${L3})/`, [
      pkg("core"),
      pkg(L1),
      pkg(LEAF),
      "^packages/$1/",
      // For testkit: host-node-is-for-testkit-and-apps takes it away from engine again.
      pkg("host-node"),
    ]),
    {
      name: "host-node-is-for-testkit-and-apps",
      comment: "engine takes a Host as an argument.",
      severity: "error",
      from: { path: pkg("engine"), pathNot: TEST },
      to: { path: pkg("host-node") },
    },
    {
      name: "engine-takes-plugins-as-arguments",
      comment: "Only apps/cli/src/builtins.ts and builtin-services.ts list plugins.",
      severity: "error",
      from: { path: pkg(L3), pathNot: TEST },
      to: { path: pkg("platforms|(?:adapter|signer|store)-[^/]+") },
    },
    {
      name: "plugins-are-listed-once",
      comment: "Only apps/cli/src/builtins.ts and builtin-services.ts list plugins.",
      severity: "error",
      from: { path: "^apps/", pathNot: [...TEST, "^apps/cli/src/builtin(?:s|-services)\\.ts$"] },
      to: { path: pkg("adapter-[^/]+|store-[^/]+|platforms") },
    },
    {
      name: "nobody-imports-apps",
      comment: "L4 is imported by nobody.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^apps/" },
    },
    {
      name: "apps-are-apart",
      comment: "L4 is imported by nobody, other apps included.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "testkit-for-tests-only",
      comment: "No source ships with the laws for plugin authors or with test vectors inside.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: [...TEST, pkg("testkit|vectors")] },
      to: { path: [pkg("testkit|vectors"), "node_modules/(vitest|@vitest|fast-check)/"] },
    },
    {
      name: "test-set-up-is-for-tests",
      comment: "What tests share may touch disk and testkit, so no source uses it.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: "verify-imports-no-signer",
      comment: "A verifier that can sign can forge what it checks; an adapter would let an import decide what holds.",
      severity: "error",
      from: { path: pkg("verify") },
      to: { path: pkg("(?:signer|adapter)-[^/]+") },
    },
    {
      name: "signers-import-no-verify",
      comment: "A signer that verifies would check itself.",
      severity: "error",
      from: { path: pkg("signer-[^/]+") },
      to: { path: pkg("verify") },
    },
    {
      name: "outside-world-in-hosts-and-apps",
      comment: "Disk, processes, network and threads come in through Host; tests may read fixtures.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: [OUTER, ...TEST] },
      to: {
        path: [
          "^(node:)?(fs|child_process|process|worker_threads|cluster|os|readline|repl|vm)(/|$)",
          "^(node:)?(net|tls|http|https|http2|dns|dgram)(/|$)",
          "node_modules/(execa|tinyglobby|undici)/",
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "/fixtures/", "/node_modules/\\.cache/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@touchmark/source", "import", "node", "types", "default"],
      mainFields: ["module", "main", "types"],
    },
  },
};
