import type { Command } from 'commander';
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
  return {
    exitCode: exitCodes.good,
    json: identityJson(databaseUrl, facts),
    text: identityText(facts),
  };
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
