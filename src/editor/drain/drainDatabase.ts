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
import { confirmDrain } from './confirmDrain.ts';
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
  const { reader, selected, runner } = deps;
  runner.refuseSecond();
  const agreed = await authoriseWrite(selected.requirePath(), 'drain', deps);
  if (agreed === undefined) return undefined;
  const facts = await selected.readFacts();
  const folder = await pickExecutionFolder(facts.path);
  if (folder === undefined) return undefined;
  const batchSize = readSetting('drain.batchSize', folder);
  const subject =
    asked ?? (await askDrainSubject((await reader.ask(facts.path, 'listRuns', null)).value, batchSize));
  if (subject === undefined) return undefined;
  const candidates = await countCandidates(subject, facts, reader);
  const executor = await executorFor(folder, deps.examplePath);
  const phaseTimeoutSeconds = readSetting('drain.phaseTimeoutSeconds', folder);
  const workspaceFolder = folder.uri.fsPath;
  const plan = { subject, facts, candidates, batchSize, phaseTimeoutSeconds, executor: executor.name };
  if (!(await confirmDrain({ ...plan, folder: workspaceFolder }))) return undefined;
  refuseOther(agreed, await guardOf(facts.path, deps).authorise(facts.path, 'drain'));
  const options = { batchSize, phaseTimeoutSeconds, ...subjectOptions(subject) };
  const summary = await runner.run({
    databasePath: facts.path,
    workspaceFolder,
    executor,
    options,
    expected: agreed,
  });
  return { databasePath: facts.path, summary };
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
