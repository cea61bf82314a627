import type { CommandWords, OptionWords } from "./command-words.ts";

/** One function for each command, in the language of zsh's own \_arguments and \_describe. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef touchmark
# zsh completion for touchmark: touchmark completion zsh > "\${fpath[1]}/_touchmark"
${commands.map(commandFunction).join("\n")}
if [[ \${funcstack[1]} == _touchmark ]]; then _touchmark "$@"; else compdef _touchmark touchmark; fi
`;
}

function commandFunction({ path, commands, options }: CommandWords): string {
  const specs = options.map((option) => `    ${optionSpec(option)} \\`).join("\n");
  if (commands.length === 0) {
    return `${functionName(path)}() {
  _arguments -s -S \\
${specs}
    '*:file:_files'
}`;
  }
  return `${functionName(path)}() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description.replaceAll(":", "\\:")}`)}`).join("\n")}
  )
  _arguments -C -s \\
${specs}
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe -t commands 'command' commands ;;
    rest)
      case $words[1] in
${commands
  .filter(({ name }) => name !== "help")
  .map(({ name }) => `        ${name}) ${functionName(path === "" ? name : `${path} ${name}`)} ;;`)
  .join("\n")}
      esac ;;
  esac
}`;
}

function optionSpec({ long, short, description, value, repeatable }: OptionWords): string {
  const names = short === null || short === long ? [long] : [short, long];
  const text = `[${description.replaceAll(/[[\]\\:]/g, "\\$&")}]${valueSpec(value)}`;
  if (repeatable) return names.map((name) => quoted(`*${name}${text}`)).join(" ");
  if (names.length === 1) return quoted(`${long}${text}`);
  return `${quoted(`(${names.join(" ")})`)}{${names.join(",")}}${quoted(text)}`;
}

function valueSpec(value: OptionWords["value"]): string {
  if (value === "none") return "";
  if (value === "file") return ":file:_files";
  if (value === "folder") return ":folder:_files -/";
  return value === "any" ? ":value: " : `:value:(${value.join(" ")})`;
}

function functionName(path: string): string {
  return ["_touchmark", ...path.split(" ").filter((word) => word !== "")].join("_");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
