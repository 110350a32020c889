import { isDeepStrictEqual } from 'node:util';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import { t } from '../../core/text/l10n.ts';
import { drainedPathOf } from '../../node/system/realPath.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { guardOf } from '../database/guardOf.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import type { DriftMonitor } from '../identity/driftMonitor.ts';
import type { Offer } from '../offers/offers.ts';
import type { RunsFilter } from '../runs/runsFilter.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { confirmDrain } from './confirmDrain.ts';
import { askDrainOptions, type DrainLimitStore } from './drainLimits.ts';
import type { DrainRunner } from './drainRunner.ts';
import type { DrainSubject } from './drainSubject.ts';
import type { PlanDocuments } from './planDocuments.ts';
import { prepareDrain, type DrainChange, type PreparedDrain } from './prepareDrain.ts';
import type { DrainHow, EndedDrain } from './registerDrain.ts';

/** What draining from the editor needs. */
export interface DrainDatabaseDeps extends AuthoriseDeps {
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
export async function drainDatabase(
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
