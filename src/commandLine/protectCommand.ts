import { type Command, Option } from 'commander';
import { guardedWrite } from '../core/identity/guardedWrite.ts';
import { levelOf } from '../core/identity/identityTable.ts';
import { writeNames } from '../core/identity/protection.ts';
import { requireAdopted } from '../core/identity/requireWritable.ts';
import { levelChange, levelQuestion, setLevelOperation } from '../core/identity/setLevel.ts';
import {
  levelMeanings,
  levelNames,
  protectionLevels,
  type ProtectionLevel,
} from '../core/model/protectionLevel.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { requireConsent, type ConsentOptions } from './consent.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { acceptFileOption, guardOf } from './guardOptions.ts';
import { textLines } from './textLayout.ts';

interface ProtectOptions extends DatabaseOptions, ConsentOptions {
  readonly level?: ProtectionLevel;
  readonly acceptFile?: boolean;
}

const protectHelp = `
Levels:
${protectionLevels.map((level) => `  ${level.padEnd(10)} ${levelMeanings()[level]}`).join('\n')}

Whoever confirms raises a level. Only a person lowers one, at a terminal or in VS Code: no option stands for that, and a
terminal that a known agent or CI opened is none. Where nothing tells, a terminal counts as a person's. The protection
ends at this program: whatever else can write the file writes it.`;

/** `protect`: says how a database is protected, or sets it. */
export function addProtectCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('protect')
    .description('Show or set the protection level of a database.')
    .addOption(databaseOption())
    .addOption(new Option('--level <level>', 'the new protection').choices(protectionLevels))
    .addOption(acceptFileOption())
    .option('--yes', 'confirm without asking; not for a lower level')
    .option('--json', 'print one JSON object')
    .addHelpText('after', protectHelp)
    .action((options: ProtectOptions) => report(options, protect(options, context)));
}

async function protect(options: ProtectOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { level: to, acceptFile = false } = options;
  const { reader, writer, signal } = context;
  const { value: found } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
  const { id } = requireAdopted(found, 'Protecting');
  const from = levelOf(found);
  const operation = to === undefined ? null : levelChange(from, to);
  if (to === undefined || operation === null) return described(databaseUrl, { path, id, level: from });
  const guard = guardOf(context, {});
  const trusted = acceptFile ? { realFileId: found.fileId } : {};
  const expected = await guard.requireKnown(path, writeNames()[operation], trusted, signal);
  const question = levelQuestion(path, expected.level, to);
  await requireConsent(
    { operation, path, database: expected, details: () => ({ question, rows: 1, params: { to } }) },
    options,
    context,
  );
  const params = { from: expected.level, to };
  await guardedWrite(writer, { path, expected }, setLevelOperation, params, signal);
  await guard.pin(path, signal);
  return described(databaseUrl, { path, id, level: to }, from);
}

function described(
  databaseUrl: string,
  { path, id, level }: { readonly path: string; readonly id: string; readonly level: ProtectionLevel },
  previous: ProtectionLevel = level,
): CommandResult {
  const now = `${levelNames()[level]}: ${levelMeanings()[level]}.`;
  const was = previous === level ? '' : ` It was ${levelNames()[previous]}.`;
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, path, id, protection: level, previous },
    text: textLines([`Protection of ${path}: ${now}${was}`]),
  };
}
