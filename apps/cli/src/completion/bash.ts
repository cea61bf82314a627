import type { CommandWords } from "./command-words.ts";

/** For bash 3.2 (macOS) and later: no associative arrays, no bash-completion package. */
export function bashScript(commands: readonly CommandWords[]): string {
  return `# bash completion for touchmark: source <(touchmark completion bash)
_touchmark() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} path="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${path:+$path }\${COMP_WORDS[index]}" in
${commands
  .filter(({ path }) => path !== "")
  .map(({ path }) => `      ${quoted(path)}) path=${quoted(path)} ;;`)
  .join("\n")}
    esac
  done
  COMPREPLY=()
  case "$path $previous" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "$path" in
${commands.map(wordsCase).join("\n")}
  esac
}
complete -o default -o bashdefault -F _touchmark touchmark
`;
}

/** After an option that takes a value: its fixed values; nothing of our own where it is a file or free. */
function valueCases({ path, options }: CommandWords): readonly string[] {
  return options
    .filter((option) => option.value !== "none")
    .map((option) => {
      const names = [option.long, ...(option.short === null || option.short === option.long ? [] : [option.short])];
      const label = names.map((name) => quoted(`${path} ${name}`)).join(" | ");
      const words = typeof option.value === "string" ? null : option.value.join(" ");
      if (words !== null) return `    ${label}) COMPREPLY=($(compgen -W ${quoted(words)} -- "$word")); return ;;`;
      return `    ${label}) return ;;`; // bash then completes files and folders, spaces included
    });
}

function wordsCase({ path, commands, options }: CommandWords): string {
  const names = commands.map(({ name }) => name);
  const flags = options.flatMap(({ long, short }) => (short === null || short === long ? [long] : [long, short]));
  // Commands and options where the word can be one; files where an argument is wanted.
  const words = [...names, ...flags].join(" ");
  const guard = names.length > 0 ? "" : "[[ $word == -* ]] && ";
  return `    ${quoted(path)}) ${guard}COMPREPLY=($(compgen -W ${quoted(words)} -- "$word")) ;;`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
