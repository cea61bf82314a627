// Holds the layer rules of CONTRIBUTING.md: imports by dependency-cruiser, globals by a walk over the syntax tree,
// names and the list of plugins by a look at the folders.
// `node scripts/check-layers.mjs [ROOT]`: exit code 1 and one line per violation, `path: rule: what`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractCruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import layers from "./layers.cjs";

// TypeScript 7 has no syntax tree for programs; dependency-cruiser brings TypeScript 6.
const ts = createRequire(import.meta.resolve("dependency-cruiser"))("typescript");

const project = fileURLToPath(new URL("..", import.meta.url));
const root = resolve(process.argv[2] ?? project);
const BUILTINS = "apps/cli/src/builtins.ts";
const SERVICES = "apps/cli/src/builtin-services.ts";
/** Where the outside world may be touched, and what may touch it anywhere: tests. */
const OUTER = /^(packages\/(host-node|testkit)|apps\/[^/]+)\//;
const TEST = /\.test\.ts$|^(?:packages|apps)\/[^/]+\/test\//;

const files = sources();
const modules = await cruised();
const violations = [
  ...modules.violations,
  ...files.filter((file) => !OUTER.test(file) && !TEST.test(file)).flatMap(globalsIn),
  ...names(),
  ...builtins(),
].sort();
for (const violation of violations) {
  console.log(violation);
}
console.log(`${files.length} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;

function sources() {
  const found = [];
  for (const folder of [...folders("packages"), ...folders("apps")]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true })) {
      const path = `${folder}/${entry.replaceAll("\\", "/")}`;
      if (/\.ts$/.test(path) && !/\/(node_modules|dist|fixtures)\//.test(path)) {
        found.push(path);
      }
    }
  }
  return found;
}

/** @returns "packages/core" and so on, sorted. */
function folders(parent) {
  const path = join(root, parent);
  const isPackage = (name) => existsSync(join(path, name, "package.json"));
  return existsSync(path)
    ? readdirSync(path)
        .filter(isPackage)
        .sort()
        .map((name) => `${parent}/${name}`)
    : [];
}

async function cruised() {
  const options = await extractCruiseOptions(join(project, ".dependency-cruiser.cjs"));
  process.chdir(root);
  const { output } = await cruise(["packages", "apps"], { ...options, baseDir: root }, undefined, {
    tsConfig: extractTSConfig(join(root, "tsconfig.json")),
  });
  const seen = new Map(output.modules.map((module) => [module.source, module]));
  return {
    seen,
    violations: [
      ...output.summary.violations.map(({ rule, from, to }) => `${from}: ${rule.name}: imports ${to}`),
      // Beside a TypeScript that it cannot use, dependency-cruiser sees nothing and reports success.
      ...files.filter((file) => !seen.has(file)).map((file) => `${file}: not-seen: dependency-cruiser did not read it`),
    ],
  };
}

/** Clock, environment, network and randomness that need no import. */
function globalsIn(file) {
  const text = readFileSync(join(root, file), "utf8");
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = new Set();
  const found = [];
  walk(tree, (node) => {
    if (ts.isIdentifier(node) && isDeclaration(node)) {
      declared.add(node.text);
    }
  });
  walk(tree, (node) => {
    const name = forbidden(node);
    if (name !== null && !declared.has(name.split(".")[0])) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}: outside-world-in-hosts-and-apps: uses ${name} in line ${line + 1}`);
    }
  });
  return found;
}

/** @returns the name of the global that this node refers to, or null. */
function forbidden(node) {
  if (ts.isIdentifier(node) && ["process", "console", "fetch", "performance"].includes(node.text)) {
    return isReference(node) ? node.text : null;
  }
  if (ts.isIdentifier(node) && node.text === "globalThis") {
    return isReference(node) ? "globalThis" : null;
  }
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    return ["Date.now", "Math.random", "crypto.getRandomValues", "crypto.randomUUID"].includes(name) ? name : null;
  }
  const isDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "Date";
  return isDate && (ts.isCallExpression(node) || (node.arguments ?? []).length === 0) ? "Date" : null;
}

function isDeclaration(node) {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isImportSpecifier(parent) ||
      ts.isImportClause(parent) ||
      ts.isNamespaceImport(parent)) &&
    parent.name === node
  );
}

/** Not the name of a property, a member, a declaration or a type. */
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) {
    return parent.name !== node;
  }
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent) || ts.isExportSpecifier(parent)) {
    return false;
  }
  return parent.name !== node && parent.propertyName !== node;
}

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Folder = npm name = kind prefix. */
function names() {
  const known = new RegExp(`^(${Object.values(layers).join("|")})$`);
  return [...folders("packages"), ...folders("apps")].flatMap((folder) => {
    const [parent, stem] = folder.split("/");
    const { name } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const expected = folder === "apps/cli" ? "touchmark" : `@touchmark/${stem}`;
    const found = [];
    if (name !== expected) {
      found.push(`${folder}: folder-is-npm-name: package.json says "${name}", expected "${expected}"`);
    }
    if (parent === "packages" && !known.test(stem)) {
      found.push(`${folder}: known-layer: scripts/layers.cjs gives it no layer`);
    }
    return found;
  });
}

/** The two lists of plugins name every plugin package. */
function builtins() {
  const dependencies = [BUILTINS, SERVICES].flatMap(
    (list) => modules.seen.get(list)?.dependencies.map((dependency) => dependency.resolved) ?? [],
  );
  return folders("packages")
    .filter((folder) => /^packages\/((adapter|signer|store)-|platforms$)/.test(folder))
    .filter((folder) => !dependencies.some((path) => path.startsWith(`${folder}/`)))
    .map((folder) => `${BUILTINS}: lists-every-plugin: ${folder} is missing`);
}
