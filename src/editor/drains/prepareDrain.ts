import { basename } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { atMostText, costText, earlierQueuedText } from '../../core/drain/drainPlanText.ts';
import { knownVariables } from '../../core/drain/knownVariables.ts';
import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { withoutRecordedAnswer } from '../../core/drain/refuseUndrainable.ts';
import type { Phase, PhaseKey } from '../../core/model/phase.ts';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import type { BuilderOptions } from '../../node/builders/builderOptions.ts';
import { chooseExecutor, type ExecutorChoice } from '../../node/drain/chooseExecutor.ts';
import { withVariables, type DescribedExecutor } from '../../node/drain/executors.ts';
import { planDrainOf } from '../../node/drain/planDrainOf.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import type { Builders } from '../builders/registerBuilders.ts';
import type { RunsFilter } from '../runs/runsFilter.ts';
import { readSetting } from '../settings.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { pickExecutionFolder } from '../window/workspaceFolders.ts';
import type { DrainQuestion } from './drainPlanText.ts';
import { executorLabel, writingFacts } from './executorTexts.ts';
import { drainChoices, type FilteredRuns } from './drainChoices.ts';
import { subjectOptions, validateScope, type DrainSubject, type PlannedCollection } from './drainSubject.ts';
import { reusableServer, type ReusableServer, type ReusableServerDeps } from './reusableServer.ts';

/** A drain that lacks only a person's consent. */
export interface PreparedDrain {
  readonly question: Omit<DrainQuestion, 'issues'>;
  readonly plan: DrainPlan;
  readonly executor: DescribedExecutor;
  readonly options: DrainRequest;
  /** The session to go on with. */
  readonly resume: string | undefined;
  /** Of the server that the executor reuses, if one was stored for it. */
  readonly apiKey: string | undefined;
  /** Of the model endpoint that the executor asks. */
  readonly modelKey: string | undefined;
}

/** What preparing needs. */
export interface PrepareDrainDeps extends ReusableServerDeps {
  /** Of the Runs view. */
  readonly filter: Pick<RunsFilter, 'active'>;
  /** The program behind the example executor; absolute. */
  readonly examplePath: string;
  readonly builders: Builders;
  /** The file with the estimator's coefficients in use; `null` for Autopack's own. */
  readonly estimatorPath: () => string | null;
}

/**
 * Finds out what is to be drained, where, with what, and plans it; `wanted` is the executor that was chosen for this drain.
 * `undefined` when the user leaves a question open.
 */
export async function prepareDrain(
  deps: PrepareDrainDeps,
  databasePath: string,
  asked: DrainSubject | undefined,
  wanted: ExecutorName | undefined,
): Promise<PreparedDrain | undefined> {
  const { reader, filter } = deps;
  const folder = await folderFor(databasePath, asked);
  if (folder === undefined) return undefined;
  const workspaceFolder = folder.uri.fsPath;
  const batchSize = readSetting('drain.batchSize', folder);
  const { value: runs } = await reader.request(databasePath, 'listRuns', null);
  const match = async (wanted: PhaseFilter): Promise<MatchingRuns> => {
    const { value } = await reader.request(databasePath, 'matchingRuns', wanted);
    return value;
  };
  const { active } = filter;
  const shown = asked !== undefined || active === null ? null : { ...(await match(active)), filter: active };
  const chosen = asked ?? (await askDrainSubject(runs, shown, batchSize));
  if (chosen === undefined) return undefined;
  const ask = async (key: PhaseKey): Promise<Phase> => {
    const { value } = await reader.request(databasePath, 'phase', key);
    return value;
  };
  const { subject, remarks } = await validateScope(chosen, { runs, match, ask, filter: active });
  const means = await meansFor(folder, databasePath, wanted, deps);
  if (means === undefined) return undefined;
  const { executor: usual, server, modelKey } = means;
  const phaseTimeoutSeconds = readSetting('drain.phaseTimeoutSeconds', folder);
  // A session goes on with its own limits.
  const settings =
    subject.kind === 'session' ? {} : { batchSize, phaseTimeoutSeconds, ...costLimits(usual.name, folder) };
  const options = { ...settings, ...subjectOptions(subject) };
  const resume = subject.kind === 'session' ? subject.sessionId : undefined;
  const { plan, warnings, offers, environment, cost } = await planDrainOf({
    databasePath,
    workspaceFolder,
    options,
    resume,
    reader,
    executor: usual,
  });
  const executor = withVariables(usual, environment);
  const earlier = earlierQueuedText(plan);
  const [onlyRun, ...otherRuns] = new Set(plan.steps.map(({ candidate }) => candidate.runId));
  const planned = plan.steps.map(({ candidate }) => candidate.phaseId);
  const refused = executor.name === 'example' ? withoutRecordedAnswer(planned) : null;
  const question = {
    subject,
    resumes: otherRuns.length === 0 && onlyRun !== undefined ? onlyRun : basename(databasePath),
    candidates: plan.candidates,
    batchSize: options.batchSize ?? plan.steps.length,
    phaseTimeoutSeconds: options.phaseTimeoutSeconds ?? null,
    atMost: atMostText(plan),
    cost: cost === null ? null : costText(cost),
    ...writingFacts(usual.name, deps.builders),
    warnings: [
      ...remarks,
      ...collectionRemarks(subject, { executor: usual.name, cost, maxCost: options.maxCost ?? null }),
      ...means.remarks,
      ...(earlier === null ? [] : [earlier]),
      ...warnings,
      ...(refused === null ? [] : [refused]),
      ...offers.map((offer) => `${offer} To set it, use the setting "Drain: Environment".`),
    ],
    executor: means.label,
    apiServer: server?.address ?? null,
    folder: workspaceFolder,
  };
  // Whoever says yes to the question has read which phases run in place of others.
  const agreed = earlier === null ? options : { ...options, allowEarlierQueued: true };
  return { question, plan, executor, options: agreed, resume, apiKey: server?.apiKey, modelKey };
}

function collectionRemarks(subject: DrainSubject, planned: PlannedCollection): readonly string[] {
  return subject.kind === 'collection' ? subject.remarks(planned) : [];
}

async function folderFor(
  databasePath: string,
  asked: DrainSubject | undefined,
): Promise<vscode.WorkspaceFolder | undefined> {
  // A session lies in the folder in which its phases were executed.
  if (asked?.kind === 'session') return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(asked.folder));
  return pickExecutionFolder(databasePath);
}

/** What executes the phases of a drain. */
interface Means {
  readonly executor: DescribedExecutor;
  /** The executor in words. */
  readonly label: string;
  readonly server: ReusableServer | undefined;
  readonly modelKey: string | undefined;
  /** What a person should know of it before, in sentences. */
  readonly remarks: readonly string[];
}

/** The executor that was chosen, with what it needs; `undefined` when the user leaves a question open. */
async function meansFor(
  folder: vscode.WorkspaceFolder,
  databasePath: string,
  wanted: ExecutorName | undefined,
  deps: PrepareDrainDeps,
): Promise<Means | undefined> {
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
    remarks: [...(endpoint?.notes ?? []), ...(chatModel === undefined ? [] : [countedRemark])],
  };
}

const countedRemark =
  'VS Code tells neither what a call used nor why it ended: its samples are counted here, kept apart, and never count for a calibration.';

/** What an executor is chosen from in a folder, by its settings and by what was chosen. */
export function executorSettings(
  folder: vscode.WorkspaceFolder,
  deps: Pick<PrepareDrainDeps, 'builders' | 'estimatorPath' | 'examplePath'>,
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
  { builders, estimatorPath }: Pick<PrepareDrainDeps, 'builders' | 'estimatorPath'>,
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

/** Only an endpoint's calls have a price. */
function costLimits(
  name: string,
  folder: vscode.WorkspaceFolder,
): Pick<DrainRequest, 'maxCost' | 'warnCost'> {
  if (name !== 'endpoint') return {};
  const [most, warn] = [readSetting('drain.maxCost', folder), readSetting('drain.warnCost', folder)];
  return { maxCost: most > 0 ? most : null, warnCost: warn > 0 ? warn : null };
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

/** Asks what to drain: a batch of what the view shows, of everything or of a state, or one run. Where there is but one thing to drain nothing is asked. */
async function askDrainSubject(
  all: readonly RunSummary[],
  filtered: FilteredRuns | null,
  batchSize: number,
): Promise<DrainSubject | undefined> {
  const { batches, runs } = drainChoices(all, filtered, batchSize);
  const isOneThing = batches.length === 1 && runs.length <= 1;
  if (isOneThing) return { kind: 'batch' };
  const separator = { label: 'One run', kind: vscode.QuickPickItemKind.Separator, subject: undefined };
  const picked = await safeWindow.showQuickPick([...batches, separator, ...runs], {
    title: 'Drain',
    placeHolder: 'What do you want to drain?',
    matchOnDescription: true,
  });
  return picked?.subject;
}
