import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { DrainResult } from '../core/drain/drainResult.ts';
import { UserFacingError } from '../core/errors.ts';
import type { Phase, PhaseKey } from '../core/model/phase.ts';
import type { TelemetryEvent } from '../core/model/telemetryEvent.ts';
import { counted, formatCount, noFigure } from '../core/text/quantities.ts';
import { formatDateTime, formatDuration } from '../core/text/times.ts';
import { executionsOfPhase, type PhaseExecution } from '../node/drain/executionsOfPhase.ts';
import { realPathOf } from '../node/system/realPath.ts';
import { phaseKey } from './arguments.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { databaseOption, databaseTarget, workspaceFolderOf, type DatabaseOptions } from './databaseOption.ts';
import { isoTime, stateText, timeText } from './listOptions.ts';
import type { Output, OutputBlock } from './output.ts';
import { kindText, phaseJson } from './phasesCommand.ts';
import { listFormatOption, listText, type ListFormatOption } from './terminalOption.ts';

interface PhaseOptions extends DatabaseOptions, ListFormatOption {
  readonly workspace?: string;
}

/** How many of the newest telemetry events and executions are shown. */
const mostShown = 20;

/** `phase`: everything known of one phase, where it came from, and where its logs are. */
export function addPhaseCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('phase')
    .description('Show one phase: why it failed, by which source, attempts, telemetry, deliverables, logs.')
    .argument('<run>', 'the id of the run, or run/phase')
    .argument('[phase]', 'the id of the phase')
    .addOption(databaseOption())
    .option('--workspace <folder>', 'the repository root, with its drains; by default the current folder')
    .addOption(listFormatOption())
    .option('--json', 'print one JSON object')
    .action((run: string, phase: string | undefined, options: PhaseOptions) =>
      report(options, onePhase(run, phase, options, context)),
    );
}

async function onePhase(
  run: string,
  phaseId: string | undefined,
  options: PhaseOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const key = phaseId === undefined ? phaseKey(run) : { runId: run, phaseId };
  const { path, databaseUrl } = databaseTarget(options, context);
  const folder = workspaceFolderOf(options, context);
  const { value: phase } = await context.reader.request(path, 'phase', key, context.signal);
  const [events, executions] = await Promise.all([
    eventsOfPhase(path, key, context),
    realPathOf(path).then((real) => executionsOfPhase(folder, real, key)),
  ]);
  const why = whyItFailed(phase, executions);
  return {
    exitCode: exitCodes.good,
    json: {
      databaseUrl,
      phase: phaseJson(phase),
      reason: why,
      telemetryEvents: events.map(({ timestamp, ...event }) => ({ ...event, timestamp: isoTime(timestamp) })),
      executions: executions.map(({ sessionId, result }) => executionJson(sessionId, result)),
    },
    text: listText(phaseOutput(phase, why, events, executions, databaseUrl), options),
  };
}

/** A database without telemetry has none of this phase. */
async function eventsOfPhase(
  path: string,
  key: PhaseKey,
  { reader, signal }: CommandContext,
): Promise<readonly TelemetryEvent[]> {
  try {
    return (await reader.request(path, 'phaseEvents', key, signal)).value;
  } catch (error) {
    if (error instanceof UserFacingError && error.code === 'no-telemetry-table') return [];
    throw error;
  }
}

interface Reason {
  readonly text: string;
  /** Where it was found, in words. */
  readonly source: string;
}

/** What the database says, else what the newest drain that failed here saw; `null` where nothing does, or nothing failed. */
function whyItFailed({ state, failureReason }: Phase, executions: readonly PhaseExecution[]): Reason | null {
  if (failureReason !== null && failureReason.trim() !== '') {
    return { text: failureReason, source: 'the database (phases.last_failure_reason)' };
  }
  if (state !== 'FAILED') return null;
  const failed = executions.find(({ result }) => result.error !== null);
  if (failed?.result.error == null) return null;
  return { text: failed.result.error, source: `the drain ${failed.sessionId}` };
}

function executionJson(sessionId: string, result: DrainResult): object {
  const { attempt, outcome, finalState, startedAt, finishedAt, durationMs, error, stdoutPath, stderrPath } =
    result;
  return {
    sessionId,
    attempt,
    outcome,
    finalState,
    startedAt: isoTime(startedAt),
    finishedAt: isoTime(finishedAt),
    durationSeconds: durationMs / 1000,
    error,
    stdoutPath,
    stderrPath,
  };
}

function phaseOutput(
  phase: Phase,
  why: Reason | null,
  events: readonly TelemetryEvent[],
  executions: readonly PhaseExecution[],
  databaseUrl: string,
): Output {
  const unknown = phase.state === 'FAILED' && why === null;
  return [
    { kind: 'heading', text: `${phase.runId}/${phase.phaseId}` },
    { kind: 'facts', facts: phaseFacts(phase) },
    // Whole, to be copied.
    lines([`Database: ${databaseUrl}`]),
    ...section('Why it failed', [
      ...(why === null ? [] : [quote(why.text), lines([`Source: ${why.source}`])]),
      ...(unknown
        ? [lines(['No reason is recorded in the database, nor in the drains of this folder.'])]
        : []),
    ]),
    ...section('Task', phase.description === null ? [] : [quote(phase.description)]),
    ...section('Deliverables', list(phase.scope.deliverables)),
    ...section('May change', list(phase.scope.paths)),
    ...section('May read', list(phase.scope.readOnlyContext)),
    ...section(`Telemetry${shownOf(events.length)}`, eventTable(events.slice(0, mostShown))),
    ...section(`Executions${shownOf(executions.length)}`, executionBlocks(executions.slice(0, mostShown))),
  ];
}

function phaseFacts(phase: Phase): (readonly [string, ReturnType<typeof stateText> | null])[] {
  const { builderAttempts, maxBuilderAttempts, auditorAttempts, retryAttempt, startedAt, completedAt } =
    phase;
  const took =
    startedAt !== null && completedAt !== null && completedAt >= startedAt ? completedAt - startedAt : null;
  const time = (ms: number | null): string | null => (ms === null ? null : formatDateTime(ms));
  return [
    ['State', stateText(phase.state)],
    ['Name', phase.name === phase.phaseId ? null : phase.name],
    ['Kind', kindText(phase) === '' ? null : kindText(phase)],
    [
      'Attempts',
      `${formatCount(builderAttempts)}${maxBuilderAttempts === null ? '' : ` of ${formatCount(maxBuilderAttempts)}`} by the builder, ${formatCount(auditorAttempts)} by the auditor, ${counted(retryAttempt, 'retry', 'retries')}`,
    ],
    ['Tokens', formatCount(phase.tokensUsed)],
    ['Created', time(phase.createdAt)],
    ['Started', time(startedAt)],
    [
      'Completed',
      completedAt === null
        ? null
        : `${formatDateTime(completedAt)}${took === null ? '' : `, after ${formatDuration(took)}`}`,
    ],
    ['Updated', time(phase.updatedAt)],
  ];
}

function section(title: string, blocks: readonly OutputBlock[]): OutputBlock[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', text: title }, ...blocks];
}

function quote(text: string): OutputBlock {
  return { kind: 'quote', text: text.trim() };
}

function lines(text: readonly string[]): OutputBlock {
  return { kind: 'lines', lines: text };
}

function list(items: readonly string[]): OutputBlock[] {
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function shownOf(count: number): string {
  return count > mostShown ? `: the newest ${mostShown} of ${formatCount(count)} (--json has all)` : '';
}

function eventTable(events: readonly TelemetryEvent[]): OutputBlock[] {
  if (events.length === 0) return [];
  const figure = (value: number | null): string => (value === null ? noFigure : formatCount(value));
  return [
    {
      kind: 'table',
      columns: [
        { title: 'When' },
        { title: 'Model', overflow: 'wrap' },
        { title: 'Predicted', align: 'right' },
        { title: 'Used', align: 'right' },
        { title: 'Limit', align: 'right' },
        { title: 'End', overflow: 'wrap' },
      ],
      rows: events.map((event) => [
        timeText(event.timestamp),
        event.model,
        figure(event.predicted),
        figure(event.actual),
        figure(event.actualMaxTokens ?? event.selectedBudget),
        [event.success ? 'success' : 'failed', event.truncated ? 'cut off' : null, event.stopReason]
          .filter((part) => part !== null)
          .join(', '),
      ]),
    },
  ];
}

function executionBlocks(executions: readonly PhaseExecution[]): OutputBlock[] {
  if (executions.length === 0) return [];
  const logs = executions.flatMap(({ result }) =>
    [result.stdoutPath, result.stderrPath].filter((path) => existsSync(path)),
  );
  return [
    {
      kind: 'table',
      columns: [
        { title: 'Began' },
        { title: 'Attempt', align: 'right' },
        { title: 'Took', align: 'right' },
        { title: 'State after' },
        { title: 'Error', overflow: 'cut' },
        { title: 'Drain', overflow: 'wrap' },
      ],
      rows: executions.map(({ sessionId, result }) => [
        timeText(result.startedAt),
        formatCount(result.attempt),
        formatDuration(result.durationMs),
        stateText(result.finalState),
        result.error ?? '',
        sessionId,
      ]),
    },
    ...(logs.length === 0 ? [] : [lines(['Logs:', ...logs.map((path) => `  ${path}`)])]),
  ];
}
