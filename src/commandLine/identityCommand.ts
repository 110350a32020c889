import type { Command } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import { identityText } from './identityText.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult } from './commandResult.ts';
import { databaseOption, databaseTarget, type DatabaseOptions } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import type { Report } from './program.ts';

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
  return {
    exitCode: exitCodes.good,
    json: identityJson(databaseUrl, facts),
    text: identityText(facts),
  };
}

/** Another program's database has no identity to speak of: scripts must not take it for an answer. */
function refuseForeign({ path, warnings }: DatabaseFacts): void {
  if (!warnings.some(({ code }) => code === 'not-autopack')) return;
  throw new UserFacingError(
    'not-autopack',
    `${path} is not an Autopack database: it lacks the tables runs and phases.`,
    'Name another file, or create a database with init.',
  );
}

/** The object `identity --json` prints; its keys are a promise to scripts. */
export function identityJson(databaseUrl: string, facts: DatabaseFacts): unknown {
  return {
    databaseUrl,
    path: facts.path,
    sizeBytes: facts.sizeBytes,
    modifiedAt: new Date(facts.modifiedAt).toISOString(),
    journalMode: facts.journalMode,
    role: facts.role,
    counts: facts.counts,
    phaseStates: facts.phaseStates,
    telemetry: facts.telemetry,
    schema: facts.schema,
    warnings: facts.warnings,
  };
}
