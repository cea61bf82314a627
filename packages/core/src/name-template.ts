import { TouchmarkError } from "./errors.ts";

/** What a `name:` template in the configuration may use. */
export interface NameParts {
  /** The name that the adapter gave: `linux/tool.exe`. */
  readonly path: string;
  /** `tool.exe` */
  readonly basename: string;
  /** `tool` */
  readonly stem: string;
  /** The part that is being collected; empty where there is none. */
  readonly part: string;
}

const PLACEHOLDERS = ["path", "basename", "stem", "part"] as const;

/**
 * Fills `{stem}-{part}` and the like.
 *
 * @throws TouchmarkError `CONFIG_INVALID` for a placeholder that does not exist.
 */
export function fillNameTemplate(template: string, parts: NameParts): string {
  return template.replaceAll(/\{([^{}]*)\}/g, (_all, key: string) => {
    const known = PLACEHOLDERS.find((placeholder) => placeholder === key);
    if (known !== undefined) return parts[known];
    throw new TouchmarkError(
      "CONFIG_INVALID",
      `the name template ${JSON.stringify(template)} has an unknown placeholder`,
      {
        expected: PLACEHOLDERS.map((placeholder) => `{${placeholder}}`).join(", "),
        actual: `{${key}}`,
      },
    );
  });
}

/** The placeholders' values for a subject's name. */
export function namePartsOf(path: string, part: string | null): NameParts {
  const basename = path.slice(path.lastIndexOf("/") + 1);
  const dot = basename.lastIndexOf(".");
  return { path, basename, stem: dot > 0 ? basename.slice(0, dot) : basename, part: part ?? "" };
}
