import type { Command } from 'commander';
import { telemetryCollectionV4 } from '../core/seed/plans/telemetryCollectionV4.ts';
import { seedDatabase } from '../core/seed/seedDatabase.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult } from './commandResult.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { exitCodes } from './exitCodes.ts';
import { acceptFileOption, authorise, type WriteOptions } from './guardOptions.ts';
import type { Report } from './program.ts';

interface SeedCommandOptions extends DatabaseOptions, WriteOptions {
  readonly runId: string;
}

/** `seed`: the telemetry collection run, ready to be drained. */
export function addSeedCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('seed')
    .description(
      'Add the telemetry collection run: one tier, ten QUEUED phases that are simple and achievable.',
    )
    .addOption(databaseOption())
    .option('--run-id <id>', 'the id of the new run', telemetryCollectionV4.runId)
    .option('--any-role', 'seed into an adopted database though it is no telemetry seed')
    .addOption(acceptFileOption())
    .option('--json', 'print one JSON object')
    .action((options: SeedCommandOptions) => report(options, seed(options, context)));
}

async function seed(options: SeedCommandOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { runId, anyRole = false } = options;
  const expected = await authorise(path, 'seed', options, context);
  const seeded = await seedDatabase(
    context.writer,
    path,
    { now: context.clock.now(), runId, anyRole, expected },
    context.signal,
  );
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, ...seeded },
    text: `Seeded the run ${seeded.runId} with ${seeded.phases} phases into ${path}.\nNext: ${seeded.nextStep}`,
  };
}
