import { randomBytes } from 'node:crypto';
import { relative, sep } from 'node:path';
import type { BuildOptions, BuildParts } from '../../core/builders/attempt.ts';
import { lastAttempt, type JournaledAttempt } from '../../core/builders/attemptJournal.ts';
import { buildPhase, type BuildResult } from '../../core/builders/buildPhase.ts';
import type { PhaseFilesPort } from '../../core/builders/builderPorts.ts';
import { serializeError, UserFacingError } from '../../core/errors.ts';
import type {
  ExecutionRequest,
  ExecutionResult,
  ExecutorPort,
  ExecutorProblem,
} from '../../core/model/execution.ts';
import type { ExecutionHost } from '../../core/model/executionHost.ts';
import { spendOf } from '../../core/model/modelCall.ts';
import { counted } from '../../core/text/quantities.ts';
import { OwnFolder } from '../system/ownFolder.ts';
import { systemClock } from '../system/systemPorts.ts';
import { inEnglish } from '../system/translations.ts';
import { attemptJournalFile } from './attemptJournalFile.ts';
import { attemptEnding } from './checkpoint.ts';
import { AttemptLog } from './attemptLog.ts';

/** How a built-in builder works, whatever model it asks. */
type BuilderSettings = Pick<BuildOptions, 'continueCut' | 'stallMs' | 'maxOutputTokens'>;

/** What a builder is made of for one workspace, made when the first phase needs it. */
export type BuilderTools = Pick<BuildParts, 'model' | 'files' | 'verifier' | 'estimator' | 'priceOf'>;

/**
 * An executor that does phases itself, in this process. What it tells of them is English: it goes into the database, where
 * failures are compared by their texts, to the model, and into logs. `makeTools` is called once, for the first phase; what it throws
 * keeps every phase from being executed.
 */
export function builderExecutor(
  name: string,
  settings: BuilderSettings,
  makeTools: (workspaceFolder: string) => Promise<BuilderTools>,
): ExecutorPort {
  let tools: Promise<BuilderTools> | null = null;
  let problem: ExecutorProblem | null = null;
  const toolsFor = (workspaceFolder: string): Promise<BuilderTools> => (tools ??= makeTools(workspaceFolder));
  return {
    name,
    problem: () => Promise.resolve(problem),
    // Nobody works on a phase but this very process.
    isAtWork: () => Promise.resolve(false),
    async execute(request, signal, host) {
      const log = new AttemptLog(request);
      const startedAt = systemClock.now();
      try {
        const made = await toolsFor(request.workspaceFolder);
        // What it asks a model, logs and writes into the database is English, whatever people read.
        const result = await inEnglish(() => execute(request, settings, made, log, host, signal));
        ({ problem } = result);
        return ended(result, log, systemClock.now() - startedAt);
      } catch (error) {
        if (isGivenUp(error)) return ended(cancelled, log, systemClock.now() - startedAt);
        const { message, nextStep } = serializeError(error);
        problem = { message, nextStep };
        log.complain(message);
        return { ...ended(refused(message), log, systemClock.now() - startedAt), outcome: 'failed-to-start' };
      } finally {
        await log.close();
      }
    },
    async follow(request, _signal, _onWaiting, host) {
      const log = new AttemptLog(request);
      try {
        const { files } = await toolsFor(request.workspaceFolder);
        return await inEnglish(() => finishInterrupted(request, files, log, host));
      } finally {
        await log.close();
      }
    },
  };
}

/** Another worker has the phase by now: that is no fault of this executor, and nothing more is to be done here. */
function isGivenUp(error: unknown): boolean {
  return error instanceof UserFacingError && ['cancelled', 'lease-lost'].includes(error.code);
}

async function execute(
  request: ExecutionRequest,
  settings: BuilderSettings,
  tools: BuilderTools,
  log: AttemptLog,
  host: ExecutionHost,
  signal: AbortSignal,
): Promise<BuildResult> {
  const folder = attemptFolder(request);
  const options = { ...settings, timeoutMs: request.timeoutMs, attemptFolder: folder.path };
  const parts = {
    ...tools,
    journal: attemptJournalFile(folder),
    clock: systemClock,
    newBoundary: () => randomBytes(12).toString('hex'),
    // Parsers of logs look for samples at the start of a message.
    log: (message: string) =>
      log.info(message.startsWith('[TokenEstimationV2]') ? message : `[${request.phaseId}] ${message}`),
  };
  const result = await buildPhase(request, options, parts, host, signal);
  if (result.reason !== null) log.complain(result.reason);
  return result;
}

/** Beside the logs of the attempt, with its journal and the checkpoint of its files. */
export function attemptFolder({
  stdoutPath,
  workspaceFolder,
}: Pick<ExecutionRequest, 'stdoutPath' | 'workspaceFolder'>): OwnFolder {
  const path = stdoutPath.replace(/\.stdout\.txt$/, attemptEnding);
  return new OwnFolder(workspaceFolder, ...relative(workspaceFolder, path).split(sep));
}

/**
 * Sets right what a killed drain left of an attempt: its files are as they were before, its calls are in the database, and
 * the phase is in the queue again.
 */
async function finishInterrupted(
  request: ExecutionRequest,
  files: PhaseFilesPort,
  log: AttemptLog,
  { ledger }: ExecutionHost,
): Promise<ExecutionResult> {
  const folder = attemptFolder(request);
  const journal = attemptJournalFile(folder);
  const attempt = lastAttempt(await journal.read());
  const notes: string[] = [];
  // Where it was recovered before, that was not told to anybody who lived to write it down.
  if (attempt?.end?.kind === 'recovered') notes.push(...notesOf(attempt, attempt.end.isOurs, []));
  if (attempt?.end === null) {
    const { claim, calls } = attempt;
    const isOurs = await ledger.holds(claim);
    // First the files: a kill between the two finds the phase still claimed, and does it again.
    const changed = isOurs ? await files.restore(folder.path) : [];
    const settlement = { state: 'QUEUED', reason: null, timedOut: false, calls } as const;
    await ledger.settle(claim, settlement);
    await journal.write({ kind: 'recovered', isOurs });
    notes.push(...notesOf(attempt, isOurs, changed));
    for (const note of notes) log.info(note);
  }
  return {
    outcome: 'interrupted',
    exitCode: null,
    durationMs: 0,
    stdoutTail: log.stdoutTail,
    stderrTail: log.stderrTail,
    notes,
    ...(attempt === null ? {} : { spend: spendOf(attempt.calls) }),
  };
}

function notesOf(
  { calls, hasOpenCall, claim }: JournaledAttempt,
  isOurs: boolean,
  changed: readonly string[],
): string[] {
  return [
    ...(hasOpenCall
      ? [
          'A model call was under way when the drain ended: the tokens it used are not known and not recorded.',
        ]
      : []),
    ...(calls.length > 0
      ? [`${counted(calls.length, 'model call')} of the interrupted attempt recorded.`]
      : []),
    ...(isOurs ? ['The files of the interrupted attempt are as they were before.'] : []),
    ...changed.map((path) => `${path} was changed since by another program: it is left as it is.`),
    ...(isOurs ? [] : [`${claim.phaseId} was settled or changed since: it is left as it is.`]),
  ];
}

const cancelled: BuildResult = { outcome: 'cancelled', reason: null, problem: null, calls: [], notes: [] };

function refused(reason: string): BuildResult {
  return { outcome: 'refused', reason, problem: null, calls: [], notes: [] };
}

/** Exit codes as those of Autopack's script: 0 complete, 1 failed, 2 refused with nothing changed. */
function ended(
  { outcome, reason, calls, notes }: BuildResult,
  log: AttemptLog,
  durationMs: number,
): ExecutionResult {
  const isEnded = outcome === 'ended' || outcome === 'refused';
  return {
    outcome: isEnded ? 'exited' : outcome,
    exitCode: isEnded ? (reason === null ? 0 : outcome === 'refused' ? 2 : 1) : null,
    durationMs,
    stdoutTail: log.stdoutTail,
    stderrTail: log.stderrTail,
    notes,
    spend: spendOf(calls),
  };
}
