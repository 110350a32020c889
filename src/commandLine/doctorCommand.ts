import type { Command } from 'commander';
import { deleteCanariesOperation } from '../core/maintenance/canaryRun.ts';
import type { SourceDrift } from '../core/identity/drift.ts';
import type { Finding } from '../core/identity/findings.ts';
import { guardedWrite } from '../core/identity/guardedWrite.ts';
import { counted } from '../core/text/quantities.ts';
import { CanaryVerdicts } from '../node/identity/askApiServer.ts';
import { ConfirmedSourceFile } from '../node/identity/confirmedSourceFile.ts';
import { diagnose } from '../node/maintenance/diagnose.ts';
import { defaultMaxAgeMinutes } from '../node/maintenance/bulkChange.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { confirmSources } from './requireConfirmedSources.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget, nonEmpty } from './databaseOption.ts';
import { sourceJson } from './identityCommand.ts';
import {
  acceptFileOption,
  allowTriggersOption,
  authorise,
  guardOf,
  type WriteOptions,
} from './guardOptions.ts';
import { positiveNumber } from './arguments.ts';
import { textLines } from './textLayout.ts';

interface DoctorOptions
  extends DatabaseOptions, ConsentOptions, Pick<WriteOptions, 'acceptFile' | 'allowTriggers'> {
  readonly apiUrl?: readonly string[];
  readonly maxAgeMinutes: number;
  readonly deleteCanaries?: boolean;
  readonly confirmSources?: boolean;
}

/** `doctor`: everything that lets work go to the wrong database, or that wrong work left behind. */
export function addDoctorCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('doctor')
    .description('Check identity, drift, git and stale phases. Exits with 1 when there are findings.')
    .addOption(databaseOption())
    .option('--api-url <url...>', 'API servers that should have this database; without it, AUTOPACK_API_URL')
    .option(
      '--max-age-minutes <n>',
      'how long a phase must be unchanged to be stale',
      positiveNumber,
      defaultMaxAgeMinutes,
    )
    .option('--delete-canaries', 'delete canary runs that were left behind')
    .option('--confirm-sources', 'confirm, at a terminal, what names a database and has changed')
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: DoctorOptions) => report(options, doctor(options, context)));
}

async function doctor(options: DoctorOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { reader, env, cwd, clock, signal } = context;
  const confirmed = options.confirmSources === true ? await confirmSources(path, context) : 0;
  const subject = {
    path,
    folders: [cwd],
    environment: env,
    apiUrls: options.apiUrl ?? serversOf(env),
    staleBefore: clock.now() - options.maxAgeMinutes * 60_000,
  };
  const deps = {
    reader,
    clock,
    guard: guardOf(context, {}),
    verdicts: new CanaryVerdicts(cwd),
    confirmed: new ConfirmedSourceFile(cwd),
  };
  const found = await diagnose(subject, deps, signal);
  const deleted =
    options.deleteCanaries === true ? await removeCanaries(path, found.canaries, options, context) : 0;
  const findings = found.findings.filter(({ code }) => deleted === 0 || code !== 'canary-left');
  const text = [
    ...(confirmed > 0 ? [`Confirmed: ${counted(confirmed, 'change')}.`] : []),
    ...(deleted > 0 ? [`Deleted ${deleted} canary ${deleted === 1 ? 'run' : 'runs'}.`] : []),
    `${path}: ${findings.length === 0 ? 'no issues' : counted(findings.length, 'issue')}.`,
    ...findings.map(findingText),
    ...found.drift.filter(isSameServer).map(({ message }) => message),
  ];
  return {
    exitCode: findings.length > 0 ? exitCodes.findings : exitCodes.good,
    json: {
      ...{ databaseUrl, path, findings: findings.map(findingJson) },
      ...{ sources: found.drift.map(sourceJson), git: found.git },
    },
    text: textLines(text),
  };
}

function findingJson({ code, message, nextStep, sessionId }: Finding): Omit<Finding, 'about'> {
  return { code, message, nextStep, ...(sessionId === undefined ? {} : { sessionId }) };
}

/** The server that a drain with the autopack executor would reuse. */
export function serversOf(env: CommandContext['env']): string[] {
  const url = nonEmpty(env.AUTOPACK_API_URL);
  return url === undefined ? [] : [url];
}

async function removeCanaries(
  path: string,
  canaries: readonly string[],
  options: DoctorOptions,
  context: CommandContext,
): Promise<number> {
  if (canaries.length === 0) return 0;
  const { acceptFile = false, allowTriggers = false } = options;
  const expected = await authorise(path, 'canary', { acceptFile, allowTriggers }, context);
  const question = `Delete ${counted(canaries.length, 'canary run')} that ${canaries.length === 1 ? 'was' : 'were'} left behind in ${path}?`;
  await requireConsent(
    {
      operation: 'canary',
      path,
      database: expected,
      details: () => ({ question, rows: canaries.length, params: { canaries } }),
    },
    options,
    context,
  );
  return guardedWrite(context.writer, { path, expected }, deleteCanariesOperation, {}, context.signal);
}

/** A server that has the database is worth a word, and how that is known. */
function isSameServer({ source, state }: SourceDrift): boolean {
  return source.origin.kind === 'api-server' && state === 'same';
}

function findingText({ code, message, nextStep }: Finding): string {
  return `- ${code}: ${message} ${nextStep}`;
}
