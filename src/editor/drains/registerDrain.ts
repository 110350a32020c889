import { isDeepStrictEqual } from 'node:util';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { t } from '../../core/text/l10n.ts';
import type { FollowEnd } from '../../node/drain/drainClient.ts';
import { drainedPathOf } from '../../node/system/realPath.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { phaseTarget, phaseTargets, runTarget, runTargets, sessionTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import { guardOf } from '../database/guardOf.ts';
import type { DriftMonitor } from '../identity/driftMonitor.ts';
import type { Offer } from '../offers/offers.ts';
import type { RunsFilter } from '../runs/runsFilter.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { confirmDrain } from './confirmDrain.ts';
import type { DrainRunner } from './drainRunner.ts';
import type { DrainSubject } from './drainSubject.ts';
import { PlanDocuments } from './planDocuments.ts';
import { askDrainOptions, type DrainLimitStore } from './drainLimits.ts';
import { prepareDrain, type DrainChange, type PreparedDrain } from './prepareDrain.ts';

/** What the drain commands need. */
export interface DrainCommandDeps extends Omit<DrainDatabaseDeps, 'plans'> {
  readonly errors: ErrorReporter;
}

/** How the selected database is drained, where a command does more than that. */
export interface DrainHow {
  /** The executor that was chosen before. */
  readonly wanted?: ExecutorName;
  /** A person agreed to it with an earlier plan. */
  readonly isAgreed?: boolean;
  /** A step of more, whose outcome is told at its end. */
  readonly isStep?: boolean;
}

/** A drain that was begun and has ended, or is no longer followed. */
export interface EndedDrain {
  /** The name of its executor. */
  readonly executor: string;
  readonly options: DrainRequest;
  readonly end: FollowEnd;
}

/** Drains the selected database; `undefined` where the user does not want it. */
export type DrainSelected = (
  subject: DrainSubject | undefined,
  how?: DrainHow,
) => Promise<EndedDrain | undefined>;

/** Draining a batch, a run, a phase, what was selected, and what a session has left; and for commands that do more. */
export function registerDrain(deps: DrainCommandDeps): {
  readonly registered: DisposableStore;
  readonly drain: DrainSelected;
} {
  const store = new DisposableStore();
  const { errors } = deps;
  const plans = store.add(new PlanDocuments(errors));
  const drain: DrainSelected = (subject, how = {}) => drainDatabase({ ...deps, plans }, subject, how);
  store.add(registerCommand('drain', errors, () => drain(undefined)));
  store.add(
    registerCommand('drainRun', errors, (target, selected) =>
      drain(
        isSeveral(selected)
          ? selectionOf(selected)
          : { kind: 'run', ...runTarget(targetInSelected(target, deps.selected.path)) },
      ),
    ),
  );
  store.add(
    registerCommand('drainPhase', errors, (target, selected) =>
      drain(
        isSeveral(selected)
          ? selectionOf(selected)
          : { kind: 'phase', ...phaseTarget(targetInSelected(target, deps.selected.path)) },
      ),
    ),
  );
  store.add(
    registerCommand('drainSelected', errors, (target, selected) => {
      const rows = Array.isArray(selected) ? selected : [target];
      return drain(selectionOf(rows));
    }),
  );
  store.add(
    registerCommand('resumeDrain', errors, (target) => drain({ kind: 'session', ...sessionTarget(target) })),
  );
  return { registered: store, drain };
}

function isSeveral(selected: unknown): selected is readonly unknown[] {
  return Array.isArray(selected) && selected.length > 1;
}

/** Rows that were selected together. Fails with `invalid-argument` where none is a phase or a run. */
function selectionOf(rows: readonly unknown[]): DrainSubject {
  const [keys, runs] = [phaseTargets(rows), runTargets(rows)];
  if (keys.length === 0 && runs.length === 0) phaseTarget(rows[0]);
  return { kind: 'selected', keys, runIds: runs.map(({ runId }) => runId) };
}

/** What draining from the editor needs. */
interface DrainDatabaseDeps extends AuthoriseDeps {
  readonly selected: SelectedDatabase;
  /** Of the Runs view. */
  readonly filter: Pick<RunsFilter, 'active'>;
  readonly runner: DrainRunner;
  readonly plans: PlanDocuments;
  /** The program behind the example executor; absolute. */
  readonly examplePath: string;
  readonly monitor: Pick<DriftMonitor, 'lookForIssues'>;
  readonly apiKeys: ApiKeys;
  readonly builders: Builders;
  /** The file with the estimator's coefficients in use; `null` for Autopack's own. */
  readonly estimatorPath: () => string | null;
  readonly limits: DrainLimitStore;
}

/** Asks what is open, shows the plan, and drains once the user has said yes. Resolves when the drain has ended. */
async function drainDatabase(
  deps: DrainDatabaseDeps,
  asked: DrainSubject | undefined,
  how: DrainHow,
): Promise<EndedDrain | undefined> {
  requireTrust(t`Draining`);
  const path = deps.selected.requirePath();
  const databasePath = await drainedPathOf(path);
  // One begun elsewhere a moment ago counts, too: nobody should be asked in vain.
  await deps.runner.find(databasePath);
  deps.runner.refuseSecond(databasePath);
  const expected = await authoriseWrite(databasePath, 'drain', deps);
  if (expected === undefined) return undefined;
  const offer = await deps.offers.about(databasePath);
  // Beside what is asked and planned: git and servers take their time.
  const looking = deps.monitor.lookForIssues();
  const prepared = await agreeOn(deps, { databasePath, asked, offer, looking, how });
  if (prepared === undefined) return undefined;
  const { question, executor, options, resume, apiKey, modelKey } = prepared;
  const consent = { allowTriggers: expected.allowTriggers === true };
  refuseOther(expected, await guardOf(databasePath, deps).authorise(databasePath, 'drain', consent));
  const workspaceFolder = question.folder;
  const approval = deps.builders.handsOff.isOn ? 'hands-off' : 'ask';
  const order = {
    databasePath,
    workspaceFolder,
    executor,
    options,
    resume,
    expected,
    apiKey,
    modelKey,
    approval,
    workers: question.workers,
    isStep: how.isStep === true,
  } as const;
  return { executor: executor.name, options, end: await deps.runner.run(order) };
}

interface Agreement {
  readonly databasePath: string;
  readonly asked: DrainSubject | undefined;
  readonly offer: Offer;
  /** What is wrong with the database or around it. */
  readonly looking: Promise<readonly { readonly message: string }[]>;
  readonly how: DrainHow;
}

/** Plans and asks, again with everything that is changed; `undefined` where the user does not want it. */
async function agreeOn(
  deps: DrainDatabaseDeps,
  { databasePath, asked, offer, looking, how }: Agreement,
): Promise<PreparedDrain | undefined> {
  const { executors } = deps.builders;
  let subject = asked;
  let changed: DrainChange = { executor: how.wanted, limits: {} };
  for (;;) {
    const prepared = await prepareDrain(deps, databasePath, subject, changed);
    if (prepared === undefined || how.isAgreed === true) return prepared;
    const { question, plan, executor } = prepared;
    const issues = (await looking).map(({ message }) => message);
    const answer = await confirmDrain({ ...question, issues }, plan, offer, deps.plans);
    if (answer !== 'change-options') return answer === 'drain' ? prepared : undefined;
    ({ subject } = question);
    const wanted = await askDrainOptions(question);
    if (wanted === 'executor') {
      const chosen = await executors.ask(executor.name, question.folder);
      if (chosen === undefined) continue;
      changed = { ...changed, executor: chosen };
      await executors.remember(chosen);
    } else if (wanted !== undefined) {
      changed = { ...changed, limits: { ...changed.limits, ...wanted } };
      // Those of a session are its own.
      if (subject.kind !== 'session') await deps.limits.remember(databasePath, wanted);
    }
  }
}

/** A question may stand for minutes: what was agreed to must still be what is there. */
function refuseOther(agreed: WriteExpectation, now: WriteExpectation): void {
  if (isDeepStrictEqual(agreed, now)) return;
  throw new UserFacingError(
    'replaced',
    t`The database has changed since you confirmed the drain: its file or its role is different.`,
    t`Check its identity, then drain again.`,
  );
}
