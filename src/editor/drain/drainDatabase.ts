import { realpath } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/identity/databaseFingerprint.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import { guardOf } from '../guard/guardOf.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { RunsFilter } from '../runs/filter/runsFilter.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { confirmDrain } from './confirmDrain.ts';
import type { DriftMonitor } from '../drift/driftMonitor.ts';
import type { DrainRunner } from './drainRunner.ts';
import type { DrainSubject } from './drainSubject.ts';
import type { PlanDocuments } from './planDocuments.ts';
import { prepareDrain } from './prepareDrain.ts';

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
}

/** Asks what is open, shows the plan, and drains once the user has said yes. Resolves when the drain has ended. */
export async function drainDatabase(deps: DrainDatabaseDeps, asked: DrainSubject | undefined): Promise<void> {
  requireTrust('Draining');
  const path = deps.selected.requirePath();
  // Executors get an absolute URL: no symbolic link may lead them elsewhere later.
  const databasePath = await realpath(path).catch(() => path);
  // One begun elsewhere a moment ago counts, too: nobody should be asked in vain.
  await deps.runner.find(databasePath);
  deps.runner.refuseSecond(databasePath);
  const expected = await authoriseWrite(databasePath, 'drain', deps);
  if (expected === undefined) return;
  const offer = await deps.offers.about(databasePath);
  // Beside what is asked and planned: git and servers take their time.
  const looking = deps.monitor.lookForIssues();
  const prepared = await prepareDrain(deps, databasePath, asked);
  if (prepared === undefined) return;
  const { question, executor, options, resume, plan, apiKey } = prepared;
  const issues = (await looking).map(({ message }) => message);
  if (!(await confirmDrain({ ...question, issues }, plan, offer, deps.plans))) return;
  const consent = { allowTriggers: expected.allowTriggers === true };
  refuseOther(expected, await guardOf(databasePath, deps).authorise(databasePath, 'drain', consent));
  const workspaceFolder = question.folder;
  const order = { databasePath, workspaceFolder, executor, options, resume, expected, apiKey };
  await deps.runner.run(order);
}

/** A question may stand for minutes: what was agreed to must still be what is there. */
function refuseOther(agreed: WriteExpectation, now: WriteExpectation): void {
  if (isDeepStrictEqual(agreed, now)) return;
  throw new UserFacingError(
    'replaced',
    'The database is not the one you agreed to drain: its file or its role changed meanwhile.',
    'Check its identity, then drain again.',
  );
}
