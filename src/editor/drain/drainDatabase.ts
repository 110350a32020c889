import { realpath } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type * as vscode from 'vscode';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { ExecutorPort } from '../../core/drain/executorPort.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import { chooseExecutor } from '../../node/drain/chooseExecutor.ts';
import { authoriseWrite, type AuthoriseDeps } from '../guard/authoriseWrite.ts';
import { guardOf } from '../guard/guardOf.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { readSetting } from '../settings.ts';
import { requireTrust } from '../workspace/requireTrust.ts';
import { pickExecutionFolder } from '../workspace/workspaceFolders.ts';
import { askDrainSubject } from './askDrainSubject.ts';
import { confirmDrain, type DrainPlan } from './confirmDrain.ts';
import { countCandidates } from './countCandidates.ts';
import type { DrainRunner } from './drainRunner.ts';
import { subjectOptions, type DrainSubject } from './drainSubject.ts';
import { pythonOfExtension } from './pythonOfExtension.ts';

/** What draining from the editor needs. */
export interface DrainDatabaseDeps extends AuthoriseDeps {
  readonly selected: SelectedDatabase;
  readonly runner: DrainRunner;
  /** The program behind the example executor; absolute. */
  readonly examplePath: string;
}

/** What was drained and what came of it. */
export interface FinishedDrain {
  readonly databasePath: string;
  readonly summary: DrainSummary;
}

/** Asks what is open, shows the plan, and drains once the user has said yes; `undefined` when they did not. */
export async function drainDatabase(
  deps: DrainDatabaseDeps,
  asked: DrainSubject | undefined,
): Promise<FinishedDrain | undefined> {
  requireTrust('Draining');
  deps.runner.refuseSecond();
  const path = deps.selected.requirePath();
  // Executors get an absolute URL: no symbolic link may lead them elsewhere later.
  const databasePath = await realpath(path).catch(() => path);
  const expected = await authoriseWrite(databasePath, 'drain', deps);
  if (expected === undefined) return undefined;
  const planned = await planDrain(deps, databasePath, asked);
  if (planned === undefined) return undefined;
  const { plan, executor } = planned;
  if (!(await confirmDrain({ ...plan, role: expected.role, executor: executor.name }))) return undefined;
  refuseOther(expected, await guardOf(databasePath, deps).authorise(databasePath, 'drain'));
  const { batchSize, phaseTimeoutSeconds, folder: workspaceFolder, subject } = plan;
  const options = { batchSize, phaseTimeoutSeconds, ...subjectOptions(subject) };
  const summary = await deps.runner.run({ databasePath, workspaceFolder, executor, options, expected });
  return { databasePath, summary };
}

/** What is to be drained, where and with what; `undefined` when the user leaves a question open. */
async function planDrain(
  { reader, examplePath }: DrainDatabaseDeps,
  databasePath: string,
  asked: DrainSubject | undefined,
): Promise<
  { readonly plan: Omit<DrainPlan, 'role' | 'executor'>; readonly executor: ExecutorPort } | undefined
> {
  const folder = await pickExecutionFolder(databasePath);
  if (folder === undefined) return undefined;
  const batchSize = readSetting('drain.batchSize', folder);
  const phaseTimeoutSeconds = readSetting('drain.phaseTimeoutSeconds', folder);
  const { value: runs } = await reader.ask(databasePath, 'listRuns', null);
  const subject = asked ?? (await askDrainSubject(runs, batchSize));
  if (subject === undefined) return undefined;
  const candidates = await countCandidates(subject, runs, async (key) => {
    const { value } = await reader.ask(databasePath, 'phase', key);
    return value;
  });
  const executor = await executorFor(folder, examplePath);
  const plan = {
    subject,
    databasePath,
    candidates,
    batchSize,
    phaseTimeoutSeconds,
    folder: folder.uri.fsPath,
  };
  return { plan, executor };
}

async function executorFor(folder: vscode.WorkspaceFolder, examplePath: string): Promise<ExecutorPort> {
  const name = readSetting('drain.executor', folder);
  return chooseExecutor({
    name: name === 'auto' ? undefined : name,
    workspaceFolder: folder.uri.fsPath,
    examplePath,
    interpreter: {
      setting: readSetting('pythonInterpreter', folder),
      extension: await pythonOfExtension(folder.uri),
    },
  });
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
