import { TouchmarkError } from "@touchmark/core";
import { isConfidential, readUrl } from "@touchmark/plugin";
import type { Context } from "../context.ts";
import { safe } from "../render/terminal.ts";
import { MAX_LOGIN_WORDS } from "./limits.ts";
import { browserProgram, openBrowser } from "./open-browser.ts";

/** How a person gets to the service's page. */
export interface LoginPrompt {
  /** Shows the address, and opens it where there is a browser. */
  open(page: URL): Promise<void>;
  /** Shows an address, and the code to type there. */
  code(page: URL, userCode: string): void;
}

/**
 * On standard error, also with --quiet: without these lines nobody can go on.
 *
 * @param browser - false: only show.
 */
export function loginPrompt({ terminal, env }: Context, browser: boolean): LoginPrompt {
  return {
    async open(page) {
      const program = browser && terminal.interactive ? browserProgram(process.platform, env) : null;
      const opened = program !== null && (await openBrowser(program, page, env));
      terminal.prompt(
        `${opened ? "Log in with the browser that opens, or at" : "Log in with a browser on this machine at"}`,
      );
      terminal.prompt(`  ${safe(page.href)}`);
    },
    code(page, userCode) {
      terminal.prompt("Log in with a browser on any machine at");
      terminal.prompt(`  ${safe(page.href)}`);
      terminal.prompt(`and type the code  ${safe(userCode.slice(0, MAX_LOGIN_WORDS))}`);
    },
  };
}

/**
 * The page of a service that describes itself: nothing but a web page is shown or opened.
 *
 * @throws TouchmarkError `LOGIN_FAILED`.
 */
export function checkPage(text: string): URL {
  const url = readUrl(text);
  if (url !== null && isConfidential(url) && url.username === "" && url.password === "") return url;
  throw new TouchmarkError("LOGIN_FAILED", "the login service names a page that is none", {
    expected: "https://HOST, or http to a loopback address",
    actual: url === null ? "no URL" : `${url.protocol}//${url.host}`.slice(0, MAX_LOGIN_WORDS),
  });
}
