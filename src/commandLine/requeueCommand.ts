import { type Command, Option } from 'commander';
import { UserFacingError } from '../core/errors.ts';
import {
  type RequeueableState,
  requeueableStates,
  type RequeueScope,
  type RequeueSelection,
  requeueText,
} from '../core/maintenance/requeue.ts';
import { wayBackText } from '../core/maintenance/undoChange.ts';
import { requeueAgreed, refuseRequeueing, defaultMaxAgeMinutes } from '../node/maintenance/bulkChange.ts';
import { alignColumns, textLines } from './textLayout.ts';
import { exitCodes, type CommandContext, type CommandResult, type Report } from './commandContext.ts';
import { type ConsentOptions, requireConsent, yesText } from './consent.ts';
import { databaseOption, type DatabaseOptions, databaseTarget } from './databaseOption.ts';
import {
  acceptFileOption,
  allowTriggersOption,
  authorise,
  undoText,
  type WriteOptions,
} from './guardOptions.ts';
import { positiveNumber, collect, phaseKey } from './arguments.ts';

interface RequeueOptions extends DatabaseOptions, ConsentOptions, WriteOptions {
  readonly runId?: string;
  readonly phase?: readonly string[];
  readonly fingerprint?: string;
  readonly all?: boolean;
  readonly state: RequeueableState;
  readonly maxAgeMinutes: number;
  readonly dryRun?: boolean;
}

/** `requeue`: sets phases QUEUED again, many at once. */
export function addRequeueCommand(program: Command, context: CommandContext, report: Report): void {
  program
    .command('requeue')
    .description('Re-queue FAILED phases, after a backup; failure reasons and attempts are kept.')
    .addOption(databaseOption())
    .option('--run-id <id>', 'phases of this run')
    .option('--phase <run/phase>', 'this phase; can be given again', collect)
    .option('--fingerprint <text>', 'phases that failed in this way; "failures --json" lists them')
    .option('--all', 'phases of every run')
    .addOption(
      new Option('--state <state>', 'phases in this state; EXECUTING ones only if they are stale')
        .choices(requeueableStates)
        .default('FAILED'),
    )
    .option('--max-age-minutes <n>', 'EXECUTING for so long is stale', positiveNumber, defaultMaxAgeMinutes)
    .option('--dry-run', 'show which phases, and change nothing')
    .addOption(acceptFileOption())
    .addOption(allowTriggersOption())
    .option('--yes', yesText)
    .option('--json', 'print one JSON object')
    .action((options: RequeueOptions) => report(options, requeue(options, context)));
}

async function requeue(options: RequeueOptions, context: CommandContext): Promise<CommandResult> {
  const { path, databaseUrl } = databaseTarget(options, context);
  const { reader, signal, cwd } = context;
  const scope = scopeOf(options, context.clock.now());
  const { value: found } = await reader.request(path, 'requeueSelection', scope, signal);
  const json = { databaseUrl, path, ...selectionJson(found) };
  if (options.dryRun === true || found.phases.length === 0) {
    const text = selectionText(found, options.state);
    return { exitCode: exitCodes.good, json: { ...json, requeued: 0, backupPath: null }, text };
  }
  const expected = await authorise(path, 'requeue', options, context);
  await refuseRequeueing(path, found.phases);
  const question = `Re-queue ${requeueText(found.phases)} of ${path}? ${wayBackText(path)}`;
  const phases = found.phases.map(({ runId, phaseId, state }) => ({ runId, phaseId, state }));
  await requireConsent(
    {
      operation: 'requeue',
      path,
      database: expected,
      details: () => ({ question, rows: phases.length, params: { phases } }),
    },
    options,
    context,
  );
  const deps = { ...context, workspaceFolder: cwd };
  const { result: requeued, backup } = await requeueAgreed(path, found.phases, expected, deps, signal);
  const changed = found.phases.length - requeued;
  return {
    exitCode: exitCodes.good,
    json: { ...json, requeued, backupPath: backup?.path ?? null },
    text: [
      `Queued ${requeued} of ${found.phases.length} again.`,
      ...(changed > 0 ? [`Skipped, because they changed in the meantime: ${changed}.`] : []),
      await undoText(path, backup, context),
      'Next: Drain them.',
    ].join('\n'),
  };
}

function scopeOf(options: RequeueOptions, now: number): RequeueScope {
  const { runId, phase, fingerprint, all = false, state, maxAgeMinutes } = options;
  if (runId === undefined && phase === undefined && fingerprint === undefined && !all) {
    throw new UserFacingError(
      'invalid-argument',
      'No phases were named.',
      'Give --run-id, --phase, --fingerprint, or --all.',
    );
  }
  return {
    ...(runId === undefined ? {} : { runIds: [runId] }),
    ...(phase === undefined ? {} : { keys: phase.map(phaseKey) }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    states: [state],
    staleBefore: now - maxAgeMinutes * 60_000,
  };
}

function selectionJson({ phases, left }: RequeueSelection): object {
  return { phases: phases.map(({ runId, phaseId, state }) => ({ runId, phaseId, state })), left };
}

function selectionText({ phases, left }: RequeueSelection, state: RequeueableState): string {
  const others = Object.entries(left).map(([each, count]) => `${count} ${each}`);
  const none = state === 'EXECUTING' ? 'No phase is EXECUTING and stale.' : `No phase is ${state}.`;
  return textLines([
    phases.length === 0 ? `Nothing to re-queue: ${none}` : `To be re-queued: ${requeueText(phases)}.`,
    ...alignColumns(phases.map((phase) => [phase.state, phase.runId, phase.phaseId])),
    ...(others.length > 0 ? [`Left as they are: ${others.join(', ')}.`] : []),
  ]);
}
