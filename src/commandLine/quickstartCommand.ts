import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { formatDatabaseUrl } from '../core/db/databaseUrl.ts';
import { CancelledError, UserFacingError } from '../core/errors.ts';
import { levelOf } from '../core/identity/identityTable.ts';
import { type ContentExpectation, summariseContent, unmetExpectations } from '../core/identity/verdict.ts';
import type { DatabaseFacts } from '../core/model/databaseFacts.ts';
import { initDatabase, seedDatabase } from '../core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../core/seed/telemetryCollectionV4.ts';
import { telemetryDocument } from '../core/telemetry/report/telemetryReport.ts';
import { toMarkdown } from '../core/text/document.ts';
import { type ServerToStart, serverCommand } from '../node/drain/chooseExecutor.ts';
import { ApiClient, apiKeyOf } from '../node/identity/apiClient.ts';
import { readEstimator, writeCalibration } from '../node/telemetry/calibrationFiles.ts';
import { writeExport } from '../node/telemetry/writeExport.ts';
import { companionSuffixes } from '../node/system/databaseCompanions.ts';
import { refuseUnplaceable } from '../node/writer/placeNewFile.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import {
  databaseOption,
  requireFile,
  workspaceFolderOf,
  type DatabaseOptions,
  type DatabaseTarget,
} from './databaseOption.ts';
import { requireConfirmedSources } from './requireConfirmedSources.ts';
import { requireConsent, type ConsentOptions } from './consent.ts';
import { collectSamples } from './collectSamples.ts';
import { drainDatabase } from './drainCommand.ts';
import { addDrainLimits, type DrainLimitOptions, drainRequest } from './drainLimitOptions.ts';
import {
  addExecutorOptions,
  resolveExecutor,
  type ExecutorOptions,
  serverToStart,
} from './executorOptions.ts';
import { drainText, exitCodeOf } from './drainReport.ts';
import { allowTriggersOption, authorise, guardOf } from './guardOptions.ts';
import { identityJson } from './identityCommand.ts';
import { reportBlocks } from './terminalOption.ts';
import { optionalDatabase } from './telemetryRequest.ts';
import { textLines } from './textLayout.ts';
import type { WriteDetails, WriteTarget } from './proposedWrite.ts';

interface QuickstartOptions extends DatabaseOptions, ConsentOptions, DrainLimitOptions, ExecutorOptions {
  readonly force?: boolean;
  readonly allowTriggers?: boolean;
}

/** `quickstart`: a fresh seed database, seeded, drained and analysed, each step checked before the next. */
export function addQuickstartCommand(program: Command, context: CommandContext, report: Report): void {
  const command = program
    .command('quickstart')
    .description(
      'Create a telemetry seed database, seed it, drain it and analyze it. It is autopack_telemetry_seed.db in this folder unless you name another. Stops at the first step that fails.',
    )
    .addOption(databaseOption())
    .option('--force', 'move an existing file aside (it is never deleted)')
    .addOption(allowTriggersOption());
  addExecutorOptions(addDrainLimits(command))
    .option('--yes', 'confirm the drain without asking; an existing file is moved aside by --force only')
    .option('--workspace <folder>', 'the repository root; by default the current folder')
    .option('--json', 'print one JSON object')
    .action((options: QuickstartOptions) => report(options, quickstart(options, command, context)));
}

async function quickstart(
  options: QuickstartOptions,
  command: Command,
  context: CommandContext,
): Promise<CommandResult> {
  const { reader, clock, signal } = context;
  const target = targetOf(options, context);
  requireFile(
    target,
    'The quickstart',
    'Try it with a SQLite file; on a server, use init, seed and drain one after the other.',
  );
  const { path } = target;
  const say = (text: string): void => context.stderr(`${textLines([text])}\n`);
  // Refused before anything is made, and not half-way.
  const workspaceFolder = workspaceFolderOf(options, context);
  const writer = context.createWriter(workspaceFolder);
  const { executor, server } = await resolveExecutor(options, context);
  const { runId, ...limits } = drainRequest(options, command);
  await requireConfirmedSources(path, workspaceFolder, context);
  if (existsSync(path)) await moveAside(path, options.force ?? false, context);
  await refuseUnplaceable(path);
  say(`1/5 Creating ${path}`);
  await initDatabase(writer, path, { id: randomUUID(), role: 'seed', createdAt: clock.now() }, signal);
  await guardOf(context, options).pin(path, signal);

  say('2/5 Seeding the telemetry collection run');
  const expected = await authorise(path, 'seed', options, context);
  const plan = runId == null ? telemetryCollectionV4 : { ...telemetryCollectionV4, runId };
  const seeded = await seedDatabase(writer, path, { now: clock.now(), plan, expected }, signal);
  say('3/5 Checking the identity');
  const ask = async (): Promise<DatabaseFacts> =>
    (await reader.request(path, 'identity', null, signal)).value;
  const fresh = await ask();
  say(`    ${summariseContent(fresh)}`);
  refuseUnexpected(fresh, {
    role: 'seed',
    runs: 1,
    phaseStates: { QUEUED: seeded.phases },
    telemetryEvents: 0,
  });

  say('4/5 Draining');
  const toStart = serverToStart(executor, path, workspaceFolder, server);
  if (server !== undefined && toStart !== null) await waitForServer(server, toStart, options, context);
  const scope = limits.phaseKeys === undefined ? { runId: seeded.runId } : {};
  const request = {
    ...limits,
    ...scope,
    batchSize: limits.batchSize ?? limits.phaseKeys?.length ?? seeded.phases,
  };
  const how = { ...options, isOwnDatabase: true };
  const summary = await drainDatabase(path, request, how, context);
  // Only the endpoint executor gives samples of a model without anything else to be set up.
  const collection =
    executor.name === 'endpoint' && limits.phaseKeys === undefined && summary.succeeded > 0
      ? await collectSamples(path, request, summary, how, say, context)
      : null;
  const after = await ask();
  const isDone = summary.succeeded === summary.processed && summary.stop.complete;
  if (summary.succeeded === 0 || (collection === null && !isDone)) {
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
  const { analysis } = (await reader.request(path, 'telemetry', { options: looking }, signal)).value;
  const report = telemetryDocument(analysis);
  const reportPath = await saveReport(toMarkdown(report), target, clock.now());
  const drained = [...(collection?.drains ?? [summary])].map(drainText).join('\n\n');
  const found = collection === null ? null : await proposeCalibration(target, options, context);
  const ended = collection === null ? '' : `\n${collection.reason}`;
  return {
    exitCode: found === null || found.json.verdict === 'proposed' ? exitCodes.good : exitCodes.findings,
    json: {
      ...identityJson(target.databaseUrl, after),
      analysis,
      reportPath,
      ...(found === null ? {} : { calibration: found.json }),
    },
    text: [
      { kind: 'lines', lines: `${drained}${ended}`.split('\n') },
      ...reportBlocks(report, context),
      { kind: 'lines', lines: [`Report: ${reportPath}`, ...(found === null ? [] : found.text.split('\n'))] },
    ],
  };
}

/** Where a new seed database is made if nobody names one. */
const defaultName = 'autopack_telemetry_seed.db';

/**
 * The database to create: what was named, else one in the current folder. A file that nobody named is not moved aside
 * either: throws `exists` where something has that name.
 */
function targetOf(options: QuickstartOptions, context: CommandContext): DatabaseTarget {
  const named = optionalDatabase(options, context);
  if (named !== null) return named;
  const path = join(context.cwd, defaultName);
  const stands = ['', ...companionSuffixes].map((suffix) => path + suffix).find(isThere);
  if (stands !== undefined) {
    throw new UserFacingError(
      'exists',
      `${stands} exists already, and no database was named.`,
      `Name the database to create with --database <path>. To start over with this one, pass --database ${defaultName} --force, which moves it aside.`,
    );
  }
  context.stderr(`${textLines([`No database was named: creating ${path}.`])}\n`);
  return { path, databaseUrl: formatDatabaseUrl(path) };
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Proposes a calibration where the samples bear one, beside the database; else says what speaks against it. */
async function proposeCalibration(
  { path, databaseUrl }: DatabaseTarget,
  { estimator: given }: QuickstartOptions,
  { reader, clock, signal, cwd }: CommandContext,
): Promise<{ readonly json: { readonly verdict: string; readonly files: unknown }; readonly text: string }> {
  const estimatorPath = given === undefined ? null : resolve(cwd, given);
  const estimator = estimatorPath === null ? {} : { estimator: await readEstimator(estimatorPath) };
  const { value: result } = await reader.request(path, 'calibration', estimator, signal);
  if (result.verdict !== 'proposed') {
    const reasons = result.reasons.map((reason) => `- ${reason}`);
    return {
      json: { verdict: result.verdict, files: null },
      text: ['No calibration is proposed:', ...reasons].join('\n'),
    };
  }
  const origin = { databaseUrl, generatedAt: clock.now(), estimator: estimatorPath };
  const files = await writeCalibration(dirname(resolve(path)), result, origin);
  return {
    json: { verdict: result.verdict, files },
    text: `Calibration proposed: ${files.markdown}\nApply it with: calibrate --apply ${files.json} --estimator <file>`,
  };
}

/** The server must have the new file, so that it can only be started now. Throws `other-server` where it does not come. */
async function waitForServer(
  url: string,
  toStart: ServerToStart,
  options: QuickstartOptions,
  context: CommandContext,
): Promise<void> {
  const client = new ApiClient(url, await apiKeyOf(context.env));
  const isThere = async (): Promise<boolean> => !('unreachable' in (await client.answers(context.signal)));
  const command = serverCommand(toStart);
  while (!(await isThere())) {
    if (options.yes !== true && context.confirm !== null) {
      const lines = [`Nothing answers at ${url}. Start the server on the new database:`, `    ${command}`];
      context.stderr(`${textLines(lines)}\n`);
      if (await context.confirm('Is it started?')) continue;
    }
    throw new UserFacingError(
      'other-server',
      `Nothing answers at ${url}. The database is made and seeded.`,
      `Start the server on it (${command}), then drain with: drain --database ${toStart.databasePath} --api-url ${url}`,
    );
  }
}

/** What stands in the way is moved aside, on the person's word only. */
async function moveAside(path: string, force: boolean, context: CommandContext): Promise<void> {
  if (!statSync(path).isFile()) {
    throw new UserFacingError('not-a-file', `${path} is not a file.`, 'Name the file to create.');
  }
  const stamp = fileStamp(context.clock.now());
  const aside = `${path}.${stamp}.bak`;
  const question = `${path} exists. Move it aside to ${basename(aside)} and start over?`;
  if (!force && context.confirm === null) {
    throw new UserFacingError(
      'exists',
      `There is a file at ${path} already.`,
      'Name another database, or pass --force to move it aside (it is not deleted).',
    );
  }
  const details = (): WriteDetails => ({ question, rows: 1, params: {} });
  const database = await protectionAt(path, context);
  await requireConsent({ operation: 'move-aside', path, database, details }, { yes: force }, context);
  // The log and the journal belong to the database: left behind, SQLite would apply them to the new one.
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) await rename(path + suffix, aside + suffix);
  }
  context.stderr(`${textLines([`Moved the existing file to ${aside}`])}\n`);
}

/** How the file that is there is protected; what is no database of Autopack, as any other file. */
async function protectionAt(path: string, { reader, signal }: CommandContext): Promise<WriteTarget> {
  try {
    const { value } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
    return { ...value, level: levelOf(value) };
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof UserFacingError)) throw error;
    return { id: null, level: 'ask', fileId: null };
  }
}

function refuseUnexpected(facts: DatabaseFacts, expected: ContentExpectation): void {
  const findings = unmetExpectations(facts, expected);
  if (findings.length === 0) return;
  throw new UserFacingError(
    'wrong-role',
    `The new database does not contain what was written. ${findings.join(' ')}`,
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
