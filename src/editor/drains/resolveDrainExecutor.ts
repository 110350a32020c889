import * as vscode from 'vscode';
import * as z from 'zod';
import { knownVariables } from '../../core/drain/knownVariables.ts';
import { t } from '../../core/text/l10n.ts';
import type { BuilderOptions } from '../../node/builders/builderOptions.ts';
import { chooseExecutor, type ExecutorChoice } from '../../node/drain/chooseExecutor.ts';
import type { DescribedExecutor } from '../../node/drain/executors.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import { readSetting } from '../settings.ts';
import { executorLabel } from './executorTexts.ts';
import { reusableServer, type ReusableServer, type ReusableServerDeps } from './reusableServer.ts';

/** What finding an executor needs. */
export interface DrainExecutorDeps extends ReusableServerDeps {
  /** The program behind the example executor; absolute. */
  readonly examplePath: string;
  readonly builders: Builders;
  /** The file with the estimator's coefficients in use; `null` for Autopack's own. */
  readonly estimatorPath: () => string | null;
}

/** What executes the phases of a drain. */
export interface DrainExecutor {
  readonly executor: DescribedExecutor;
  /** The executor in words. */
  readonly label: string;
  readonly server: ReusableServer | undefined;
  readonly modelKey: string | undefined;
  /** What a person should know of it before, in sentences. */
  readonly remarks: readonly string[];
}

/** The executor that was chosen, with what it needs; `undefined` when the user leaves a question open. */
export async function resolveDrainExecutor(
  folder: vscode.WorkspaceFolder,
  databasePath: string,
  wanted: ExecutorName | undefined,
  deps: DrainExecutorDeps,
): Promise<DrainExecutor | undefined> {
  const { executors, chatModels } = deps.builders;
  const workspaceFolder = folder.uri.fsPath;
  const name = wanted ?? (await executors.nameFor(folder));
  const server = name === 'autopack' ? await reusableServer(databasePath, workspaceFolder, deps) : undefined;
  const endpoint = name === 'endpoint' ? await executors.requireEndpoint() : undefined;
  const chatModel = name === 'vscode' ? await chatModels.require() : undefined;
  if (name === 'vscode' && chatModel === undefined) return undefined;
  const settings = executorSettings(folder, deps);
  const executor = await chooseExecutor({
    ...settings,
    name,
    apiUrl: server?.url,
    interpreter: { ...settings.interpreter, extension: await pythonOfExtension(folder.uri) },
    ...(endpoint === undefined ? {} : { endpoint: () => Promise.resolve(endpoint) }),
    ...(chatModel === undefined ? {} : { chatModel: { vendor: chatModel.vendor, id: chatModel.id } }),
  });
  return {
    executor,
    label: executorLabel(executor.description, chatModel?.name),
    server,
    modelKey: endpoint?.key?.reveal(),
    remarks: [...(endpoint?.notes ?? []), ...(chatModel === undefined ? [] : [countedRemark()])],
  };
}

const countedRemark = (): string =>
  t`VS Code reports neither usage nor why a call ended: its samples are counted here, kept apart, and never count for a calibration.`;

/** What an executor is chosen from in a folder, by its settings and by what was chosen. */
export function executorSettings(
  folder: vscode.WorkspaceFolder,
  deps: Pick<DrainExecutorDeps, 'builders' | 'estimatorPath' | 'examplePath'>,
): Pick<ExecutorChoice, 'workspaceFolder' | 'examplePath' | 'environment' | 'interpreter' | 'builder'> {
  return {
    workspaceFolder: folder.uri.fsPath,
    examplePath: deps.examplePath,
    environment: knownVariables(readSetting('drain.environment', folder)),
    interpreter: { setting: readSetting('pythonInterpreter', folder) },
    builder: builderOptions(folder, deps),
  };
}

function builderOptions(
  folder: vscode.WorkspaceFolder,
  { builders, estimatorPath }: Pick<DrainExecutorDeps, 'builders' | 'estimatorPath'>,
): Partial<BuilderOptions> {
  const most = readSetting('builder.maxOutputTokens', folder);
  const prices = readSetting('builder.pricesFile', folder);
  return {
    continueCut: readSetting('builder.continueCutAnswers', folder),
    maxOutputTokens: most > 0 ? most : null,
    pricesPath: prices === '' ? null : prices,
    estimatorPath: estimatorPath(),
    runTests: builders.runsPhaseTests.isOn,
  };
}

const pythonApi = z.object({
  environments: z.object({
    getActiveEnvironmentPath: z.function({ input: [z.unknown()], output: z.unknown() }),
  }),
});
const environmentPath = z.object({ path: z.string().min(1) });

/** The interpreter that the Python extension has chosen for a folder, if that extension is there and answers. */
async function pythonOfExtension(folder: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>('ms-python.python');
  if (extension === undefined) return undefined;
  const api = pythonApi.safeParse(await extension.activate());
  if (!api.success) return undefined;
  const chosen = environmentPath.safeParse(api.data.environments.getActiveEnvironmentPath(folder));
  return chosen.success ? chosen.data.path : undefined;
}
