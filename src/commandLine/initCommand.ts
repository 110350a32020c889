import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { DatabaseRole } from '../core/model/databaseFacts.ts';
import { protectionLevels, type ProtectionLevel } from '../core/model/protectionLevel.ts';
import { initDatabase } from '../core/seed/seedDatabase.ts';
import { printable } from '../core/text/printable.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import { guardOf } from './guardOptions.ts';

interface InitOptions extends DatabaseOptions {
  readonly role: Exclude<DatabaseRole, 'unknown'>;
  readonly level?: ProtectionLevel;
}

/** `init`: a new, empty database of Autopack's schema. */
export function addInitCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('init')
    .description(
      'Create an empty database with the tables of Autopack. An existing file is refused, never changed.',
    )
    .addOption(databaseOption())
    .addOption(
      new Option('--role <role>', 'what the database is for').choices(['seed', 'legacy']).default('seed'),
    )
    .addOption(
      new Option('--level <level>', 'its protection (default: ask for seed, confirm for legacy)').choices(
        protectionLevels,
      ),
    )
    .option('--json', 'print one JSON object')
    .action((options: InitOptions) => report(options, init(options, context)));
}

async function init(options: InitOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { role, level } = options;
  const identity = { id: randomUUID(), role, level, createdAt: context.clock.now() };
  const made = await initDatabase(context.writer, path, identity, context.signal);
  await guardOf(context, {}).pin(path, context.signal);
  return {
    exitCode: exitCodes.good,
    json: { databaseUrl, ...made },
    text: `Created ${printable(path)} with ${made.tables.length} empty tables, as a ${made.role} database.\nNext: ${made.nextStep}`,
  };
}
