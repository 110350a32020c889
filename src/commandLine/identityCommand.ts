import type { Command } from 'commander';
import type { UserFacingError } from '../core/errors.ts';
import { differencesText, type DatabasePin, type PinVerdict } from '../core/identity/databasePin.ts';
import { drift, isDrifting, type SourceDrift } from '../core/identity/drift.ts';
import { notAutopack } from '../core/identity/adoptDatabase.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import { collectDatabaseSources } from '../node/maintenance/collectDatabaseSources.ts';
import { identityText } from './identityText.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { driftJson } from './driftJson.ts';
import { exitCodes } from './exitCodes.ts';
import { guardOf } from './guardOptions.ts';
import { textLines } from './textLines.ts';

/** `identity`: which database this is, and what is in it. */
export function addIdentityCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('identity')
    .description('Say which database this is: file, role, counts, states, telemetry, schema, warnings.')
    .addOption(databaseOption())
    .option('--json', 'print one JSON object')
    .action((options: DatabaseOptions) => report(options, identity(options, context)));
}

async function identity(options: DatabaseOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { value: facts } = await context.reader.ask(path, 'identity', null, context.signal);
  refuseForeign(facts);
  const { pin, verdict, pinsProblem } = await guardOf(context, {}).inspect(path, context.signal);
  const places = { folders: [context.cwd], environment: context.env, selection: path };
  const sources = drift(await collectDatabaseSources(places));
  return {
    exitCode: exitCodes.good,
    json: {
      ...identityJson(databaseUrl, facts),
      pinned: pinJson(pin, verdict),
      ...(pinsProblem === null ? {} : { pinsProblem: problemText(pinsProblem) }),
      drift: driftJson(sources),
    },
    text: [
      identityText(facts),
      textLines([
        ...(pinsProblem === null ? [] : [`warning: ${problemText(pinsProblem)}`]),
        ...pinText(verdict),
        ...driftText(sources),
      ]),
    ]
      .filter((part) => part !== '')
      .join('\n'),
  };
}

/** What this folder knows of the database, and whether that still holds. */
function pinJson(pin: DatabasePin | null, { kind, differences }: PinVerdict): object | null {
  if (pin === null) return null;
  const { id, role, path, pinnedAt } = pin;
  return { id, role, path, pinnedAt: new Date(pinnedAt).toISOString(), verdict: kind, differences };
}

/** The database can be looked at all the same; nothing is written until the pins can be read. */
function problemText({ message, nextStep }: UserFacingError): string {
  return `${message} ${nextStep}`;
}

function pinText({ kind, differences }: PinVerdict): string[] {
  if (kind === 'unknown' || kind === 'same') return [];
  return [`warning: ${pinWords[kind]} (${differencesText(differences)}).`];
}

const pinWords = {
  moved: 'This folder knows the database under another name',
  'copy-or-restored': 'It is a copy or a restored file',
  'different-id': 'It is not the database this folder knows',
  'role-changed': 'Its role was changed',
} as const;

function driftText(sources: readonly SourceDrift[]): string[] {
  return sources.filter(isDrifting).map(({ message }) => `warning: ${message}`);
}

/** Another program's database has no identity to speak of: scripts must not take it for an answer. */
function refuseForeign({ path, warnings }: DatabaseFacts): void {
  if (!warnings.some(({ code }) => code === 'not-autopack')) return;
  throw notAutopack(path, 'Name another file, or create a database with init.');
}

/** The object `identity --json` prints; its keys are a promise to scripts. */
export function identityJson(databaseUrl: string, facts: DatabaseFacts): object {
  return {
    databaseUrl,
    path: facts.path,
    sizeBytes: facts.sizeBytes,
    modifiedAt: new Date(facts.modifiedAt).toISOString(),
    journalMode: facts.journalMode,
    id: facts.id,
    role: facts.role,
    roleSource: facts.roleSource,
    counts: facts.counts,
    phaseStates: facts.phaseStates,
    telemetry: facts.telemetry,
    otherTelemetry: facts.otherTelemetry,
    schema: facts.schema,
    migrations: facts.migrations,
    warnings: facts.warnings,
  };
}
