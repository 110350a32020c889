import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CancelledError, UserFacingError } from '../core/errors.ts';
import { type ContentExpectation, summariseContent, unmetExpectations } from '../core/identity/verdict.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import { initDatabase } from '../core/seed/initDatabase.ts';
import { seedDatabase } from '../core/seed/seedDatabase.ts';
import { renderTelemetryReport } from '../core/telemetry/telemetryReport.ts';
import { chooseExecutor, executorNames } from '../node/drain/chooseExecutor.ts';
import { writeExport } from '../node/telemetry/writeExport.ts';
import { refuseUnplaceable } from '../node/writer/placeNewFile.ts';
import type { CommandContext } from './commandContext.ts';
import type { CommandResult, Report } from './commandResult.ts';
import {
  databaseOption,
  type DatabaseOptions,
  databaseTarget,
  type DatabaseTarget,
} from './databaseOption.ts';
import { drainDatabase, exitCodeOf } from './drainCommand.ts';
import { drainText } from './drainReport.ts';
import { exitCodes } from './exitCodes.ts';
import { authorise, guardOf } from './guardOptions.ts';
import { identityJson } from './identityCommand.ts';
import { workspaceFolderOf } from './workspaceFolder.ts';

interface QuickstartOptions extends DatabaseOptions {
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly executor?: string;
  readonly workspace?: string;
}

/** `quickstart`: a fresh seed database, seeded, drained and analysed, each step checked before the next. */
export function addQuickstartCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('quickstart')
    .description(
      'Create a telemetry seed database, seed it, drain it and analyze it, stopping where a step goes wrong.',
    )
    .addOption(databaseOption())
    .option('--force', 'move an existing file aside (it is never deleted)')
    .option('--yes', 'agree to what would be asked; the same as --force here')
    .addOption(new Option('--executor <name>', 'what executes a phase').choices(executorNames))
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option('--json', 'print one JSON object')
    .action((options: QuickstartOptions) => report(options, quickstart(options, context)));
}

async function quickstart(options: QuickstartOptions, context: CommandContext): Promise<CommandResult> {
  const { reader, writer, clock, signal } = context;
  const target = databaseTarget(options, context);
  const { path } = target;
  const say = (text: string): void => context.stderr(`${text}\n`);

  // Refused before anything is made, and not half-way.
  const workspaceFolder = workspaceFolderOf(options, context);
  const { executor: name } = options;
  await chooseExecutor({ name, workspaceFolder, examplePath: context.exampleExecutorPath });
  if (existsSync(path)) await moveAside(path, options.force ?? options.yes ?? false, context);
  await refuseUnplaceable(path);
  say(`1/5 Creating ${path}`);
  await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: clock.now() }, signal);
  await guardOf(context, options).pin(path, signal);

  say('2/5 Seeding the telemetry collection run');
  const expected = await authorise(path, 'seed', options, context);
  const seeded = await seedDatabase(writer, path, { now: clock.now(), expected }, signal);

  say('3/5 Checking the identity');
  const ask = async (): Promise<DatabaseFacts> => (await reader.ask(path, 'identity', null, signal)).value;
  const fresh = await ask();
  say(`    ${summariseContent(fresh)}`);
  refuseUnexpected(fresh, {
    role: 'seed',
    runs: 1,
    phaseStates: { QUEUED: seeded.phases },
    telemetryEvents: 0,
  });

  say('4/5 Draining');
  const request = { runId: seeded.runId, batchSize: seeded.phases };
  const summary = await drainDatabase(path, request, options, context);
  const after = await ask();
  if (summary.succeeded < seeded.phases) {
    return {
      exitCode: exitCodeOf(summary) === exitCodes.good ? exitCodes.findings : exitCodeOf(summary),
      json: {
        ...identityJson(target.databaseUrl, after),
        reportPath: null,
        nextStep: summary.nextStep,
      },
      text: drainText(summary),
    };
  }

  say('5/5 Analyzing the telemetry');
  const looking = { successOnly: true, stratify: true, underMultiplier: 1 };
  const { analysis } = (await reader.ask(path, 'telemetry', { options: looking }, signal)).value;
  const report = renderTelemetryReport(analysis);
  const reportPath = await saveReport(report, target, clock.now());
  return {
    exitCode: exitCodes.good,
    json: { ...identityJson(target.databaseUrl, after), analysis, reportPath },
    text: `${drainText(summary)}\n\n${report}\nReport: ${reportPath}`,
  };
}

/** What stands in the way is moved aside, on the person's word only. */
async function moveAside(path: string, force: boolean, context: CommandContext): Promise<void> {
  if (!statSync(path).isFile()) {
    throw new UserFacingError('not-a-file', `${path} is not a file.`, 'Name the file to create.');
  }
  const stamp = fileStamp(context.clock.now());
  const aside = `${path}.${stamp}.bak`;
  const question = `${path} exists. Move it aside to ${basename(aside)} and start afresh?`;
  if (!force) {
    if (context.confirm === null) {
      throw new UserFacingError(
        'exists',
        `There is a file at ${path} already.`,
        'Name another database, or pass --force to move it aside (it is not deleted).',
      );
    }
    if (!(await context.confirm(question))) throw new CancelledError('The quickstart');
  }
  // The log and the journal belong to the database: left behind, SQLite would apply them to the new one.
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) await rename(path + suffix, aside + suffix);
  }
  context.stderr(`Moved the existing file to ${aside}\n`);
}

function refuseUnexpected(facts: DatabaseFacts, expected: ContentExpectation): void {
  const findings = unmetExpectations(facts, expected);
  if (findings.length === 0) return;
  throw new UserFacingError(
    'wrong-role',
    `The new database is not as it was written. ${findings.join(' ')}`,
    'Another program may be writing to it; find out which before you drain.',
  );
}

async function saveReport(report: string, { path }: DatabaseTarget, now: number): Promise<string> {
  const reportPath = join(dirname(resolve(path)), `telemetry_analysis_${fileStamp(now)}.md`);
  await writeExport({ path: reportPath, overwrite: false, database: path }, [report]);
  return reportPath;
}

/** `YYYYMMDD_HHMMSS`, in UTC. */
function fileStamp(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\D/g, '')
    .replace(/^(\d{8})(\d{6}).*/, '$1_$2');
}
