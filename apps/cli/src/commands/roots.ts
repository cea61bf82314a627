import { TouchmarkError } from "@touchmark/core";
import { publicGoodSource, type RootsListing } from "@touchmark/verify";
import { chosenRoots, type RootsFlags } from "../chosen-roots.ts";
import type { Context } from "../context.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { ROOTS_REPORT, type RootsReport } from "../reports/roots.ts";
import { writeNewFile } from "../write-new-file.ts";

/** `touchmark roots show`: what is trusted, and for which time. Nobody is asked without --online. */
export async function rootsShow(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & Pick<RootsFlags, "trustedRoot" | "online" | "mirror" | "root">,
): Promise<number> {
  if (options.online === true && options.trustedRoot !== undefined) {
    throw new TouchmarkError("USAGE", "--online and --trusted-root name two sets of roots", {
      expected: "one of the two",
    });
  }
  const roots = await chosenRoots(context, options);
  const listing = roots.list();
  const { terminal } = context;
  if (terminal.json) {
    const document: RootsReport = {
      schema: ROOTS_REPORT,
      name: roots.label,
      digest: `sha256:${roots.digest}`,
      date: roots.date,
      roots: listing.map((one) => ({
        certificateAuthorities: [...one.certificateAuthorities],
        certificateLogs: [...one.certificateLogs],
        logs: [...one.logs],
        timestampAuthorities: [...one.timestampAuthorities],
      })),
    };
    terminal.resultDocument(document);
    return 0;
  }
  terminal.result(`${safe(roots.label)}  sha256:${roots.digest}  of ${roots.date}`);
  for (const [index, one] of listing.entries()) {
    if (listing.length > 1) terminal.result(`root ${index + 1} of ${listing.length}`);
    for (const line of linesOf(one)) terminal.result(line);
  }
  return 0;
}

function linesOf(listing: RootsListing): readonly string[] {
  const kinds = [
    ["certificate authority", listing.certificateAuthorities],
    ["certificate log", listing.certificateLogs],
    ["transparency log", listing.logs],
    ["timestamp authority", listing.timestampAuthorities],
  ] as const;
  return kinds.flatMap(([kind, items]) =>
    items.map(({ name, start, end }) => `  ${kind.padEnd(21)}  ${safe(name)}  ${start} to ${end ?? "now"}`),
  );
}

/** `touchmark roots export`: the roots that came with this version, as they were taken. */
export async function rootsExport(
  context: Context,
  _positional: readonly string[],
  options: CommonOptions & { readonly output?: string },
): Promise<number> {
  const { bytes } = await publicGoodSource();
  const { output } = options;
  if (output === undefined) {
    context.terminal.resultBytes(bytes);
    return 0;
  }
  await writeNewFile(context, output, bytes);
  if (context.terminal.json) context.terminal.resultDocument({ written: output });
  else context.terminal.result(`wrote ${safe(output)}`);
  return 0;
}
