import { TouchmarkError } from "@touchmark/core";
import type { NamedPiece } from "@touchmark/verify";
import type { Context } from "../context.ts";
import type { Conversion } from "../convert/conversion.ts";
import { convertPiece, FORMS, type Form } from "../convert/convert-piece.ts";
import { LOSSES, type Loss, lossesNamed, sortedLosses } from "../convert/loss.ts";
import { readEvidenceInput } from "../evidence-input.ts";
import { counted } from "../render/counted.ts";
import { type CommonOptions, safe } from "../render/terminal.ts";
import { CONVERT_REPORT, type ConvertReport } from "../reports/convert.ts";
import { writeNewFile } from "../write-new-file.ts";

interface ConvertOptions extends CommonOptions {
  readonly to: string;
  readonly output?: string;
  readonly lossy?: readonly string[];
}

/** `touchmark convert FILE… --to FORM`: the same signatures in another form, one a line. Verifies nothing, and never signs. */
export async function convertCommand(
  context: Context,
  positional: readonly string[],
  options: ConvertOptions,
): Promise<number> {
  const form = formOf(options.to);
  const allowed = lossesNamed(options.lossy ?? []);
  const pieces: NamedPiece[] = [];
  for (const file of positional) pieces.push(...(await piecesIn(context, file)));
  const conversions = pieces.map((piece) => convertPiece(piece, form));
  const losses = sortedLosses(conversions.flatMap((one) => one.losses));
  refuseLosses(losses, { allowed, conversions, pieces, form });
  const { output = null } = options;
  if (output !== null) await writeNewFile(context, output, linesOf(conversions));
  report(context, conversions, { form, losses, output });
  return 0;
}

function formOf(name: string): Form {
  const form = FORMS.find((one) => one === name);
  if (form !== undefined) return form;
  throw new TouchmarkError("USAGE", "--to names no form of evidence", { expected: FORMS.join(", "), actual: name });
}

/** All of a file or nothing: what is left out here, nobody would miss later. */
async function piecesIn(context: Context, file: string): Promise<readonly NamedPiece[]> {
  const { pieces, findings } = await readEvidenceInput(context, file);
  const [problem] = findings;
  if (problem !== undefined) throw new TouchmarkError(problem.code, problem.message, problem);
  if (pieces.length > 0) return pieces;
  throw new TouchmarkError("INPUT_INVALID", `${file} holds no evidence`, { expected: "a signature", actual: "none" });
}

function refuseLosses(
  losses: readonly Loss[],
  {
    allowed,
    conversions,
    pieces,
    form,
  }: {
    readonly allowed: readonly Loss[];
    readonly conversions: readonly Conversion[];
    readonly pieces: readonly NamedPiece[];
    readonly form: Form;
  },
): void {
  const refused = losses.filter((loss) => !allowed.includes(loss));
  if (refused.length === 0) return;
  const lossy = conversions.map(({ losses: own }) => own.some((loss) => refused.includes(loss)));
  const first = pieces[lossy.indexOf(true)]?.name ?? "the evidence";
  const others = lossy.filter(Boolean).length - 1;
  const what = others === 0 ? first : `${first} and ${others} more`;
  throw new TouchmarkError("CONVERSION_LOSSY", `${what} would lose something as ${form}`, {
    expected: `another form, or ${refused.map((loss) => `--lossy ${loss}`).join(" ")} where that is meant`,
    actual: refused.map((loss) => `${loss} (${LOSSES[loss]})`).join("; "),
  });
}

function linesOf(conversions: readonly Conversion[]): Uint8Array {
  const end = Buffer.from("\n");
  return Buffer.concat(conversions.flatMap(({ line }) => [line, end]));
}

function report(
  { terminal }: Context,
  conversions: readonly Conversion[],
  done: { readonly form: Form; readonly losses: readonly Loss[]; readonly output: string | null },
): void {
  const { form, losses, output } = done;
  for (const loss of losses) terminal.note(`lost: ${loss}: ${LOSSES[loss]}`);
  if (terminal.json) {
    const decoder = new TextDecoder();
    const converted = output === null ? conversions.map(({ line }) => JSON.parse(decoder.decode(line))) : null;
    const document: ConvertReport = {
      schema: CONVERT_REPORT,
      to: form,
      count: conversions.length,
      lost: [...losses],
      written: output,
      converted,
    };
    terminal.resultDocument(document);
  } else if (output === null) terminal.resultBytes(linesOf(conversions));
  else
    terminal.result(`wrote ${safe(output)}: ${counted(conversions.length, "piece")} as ${form}; nothing was verified`);
}
