import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import { atMostText, costText, earlierQueuedText } from '../../core/drain/drainPlanText.ts';
import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { hasRecordedAnswer, withoutRecordedAnswer } from '../../core/drain/refuseUndrainable.ts';
import type { Phase, PhaseKey } from '../../core/model/phase.ts';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import type { MatchingRuns, RunSummary } from '../../core/model/run.ts';
import { t } from '../../core/text/l10n.ts';
import { withVariables, type DescribedExecutor } from '../../node/drain/executors.ts';
import { planDrainOf } from '../../node/drain/planDrainOf.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { ExecutorName } from '../builders/executorChoice.ts';
import type { RunsFilter } from '../runs/runsFilter.ts';
import { readSetting } from '../settings.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { pickExecutionFolder } from '../window/workspaceFolders.ts';
import type { DrainLimitStore } from './drainLimits.ts';
import { limitNames, type DrainLimits } from './drainLimitTexts.ts';
import type { DrainQuestion } from './planDocumentText.ts';
import { writingFacts } from './executorTexts.ts';
import { resolveDrainExecutor, type DrainExecutorDeps } from './resolveDrainExecutor.ts';
import { drainChoices, type FilteredRuns } from './drainChoices.ts';
import { subjectOptions, validateScope, type DrainSubject, type PlannedCollection } from './drainSubject.ts';

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
export interface PrepareDrainDeps extends DrainExecutorDeps {
  /** Of the Runs view. */
  readonly filter: Pick<RunsFilter, 'active'>;
  readonly limits: DrainLimitStore;
}

/** What was chosen for one drain, in place of what drains have as a rule. */
export interface DrainChange {
  readonly executor?: ExecutorName | undefined;
  readonly limits: Partial<DrainLimits>;
}

/**
 * Finds out what is to be drained, where, with what, and plans it; `changed` is what was chosen for this drain.
 * `undefined` when the user leaves a question open.
 */
export async function prepareDrain(
  deps: PrepareDrainDeps,
  databasePath: string,
  asked: DrainSubject | undefined,
  changed: DrainChange,
): Promise<PreparedDrain | undefined> {
  const { reader, filter } = deps;
  const folder = await folderFor(databasePath, asked);
  if (folder === undefined) return undefined;
  const workspaceFolder = folder.uri.fsPath;
  const usualLimits = deps.limits.limitsOf(databasePath, folder);
  const { batchSize } = usualLimits;
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
  const phasesOf = async (runId: string): Promise<readonly Phase[]> => {
    const { value } = await reader.request(databasePath, 'runDetail', { runId });
    return value.phases;
  };
  const { subject, remarks } = await validateScope(chosen, { runs, match, ask, phasesOf, filter: active });
  const resolved = await resolveDrainExecutor(folder, databasePath, changed.executor, deps);
  if (resolved === undefined) return undefined;
  const { executor: usual, server, modelKey } = resolved;
  // A session goes on with its own limits, but for what was changed just now.
  const ownLimits = subject.kind === 'session' ? {} : { ...usualLimits, ...warnCost(folder) };
  const { workers: wanted = 1, ...ofDrain } = { ...ownLimits, ...changed.limits };
  const workers = mayHaveWorkers(databasePath, usual.name) ? wanted : 1;
  const limits = forExecutor({ name: usual.name, limits: ofDrain });
  const options = { ...limits, ...subjectOptions(subject) };
  const resume = subject.kind === 'session' ? subject.sessionId : undefined;
  const { plan, warnings, offers, environment, cost, ...planned } = await planDrainOf({
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
  const phaseIds = plan.steps.map(({ candidate }) => candidate.phaseId);
  const refused = executor.name === 'example' ? withoutRecordedAnswer(phaseIds) : null;
  const question = {
    subject,
    resumes: otherRuns.length === 0 && onlyRun !== undefined ? onlyRun : databaseName(databasePath),
    candidates: plan.candidates,
    options: planned.options,
    limits: changeableLimits(subject, usual.name, databasePath),
    workers,
    pointless: pointlessText(plan, executor.name, phaseIds, databasePath),
    atMost: atMostText(plan),
    cost: cost === null ? null : costText(cost),
    ...writingFacts(usual.name, deps.builders),
    warnings: [
      ...remarks,
      ...collectionRemarks(subject, { executor: usual.name, cost, maxCost: options.maxCost ?? null }),
      ...resolved.remarks,
      ...(earlier === null ? [] : [earlier]),
      ...warnings,
      ...(refused === null ? [] : [refused]),
      ...offers.map((offer) => `${offer} ${t`To set it, use the setting "Drain: Environment".`}`),
    ],
    executor: resolved.label,
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

function warnCost(folder: vscode.WorkspaceFolder): Pick<DrainRequest, 'warnCost'> {
  const warn = readSetting('drain.warnCost', folder);
  return { warnCost: warn > 0 ? warn : null };
}

/** Only an endpoint's calls have a price. */
function forExecutor({
  name,
  limits,
}: {
  readonly name: string;
  readonly limits: DrainRequest;
}): DrainRequest {
  if (name === 'endpoint') return limits;
  return { ...limits, maxCost: undefined, warnCost: undefined };
}

/** Leases are kept by a server, and one window answers for its own models. */
function mayHaveWorkers(databasePath: string, executor: string): boolean {
  return isPostgresPath(databasePath) && executor !== 'vscode';
}

/** The limits that can be changed for what is drained. */
function changeableLimits(
  subject: DrainSubject,
  executor: string,
  databasePath: string,
): readonly (keyof DrainLimits)[] {
  // What is collected from is planned by whoever collects.
  if (subject.kind === 'collection') return [];
  const isChosen = subject.kind === 'phase' || (subject.kind === 'selection' && subject.runs === 0);
  return limitNames.filter(
    (name) =>
      !(name === 'batchSize' && isChosen) &&
      !(name === 'maxCost' && executor !== 'endpoint') &&
      !(name === 'workers' && !mayHaveWorkers(databasePath, executor)),
  );
}

/** Why the drain would come to nothing, in one sentence; `null` where it would not. */
function pointlessText(
  plan: DrainPlan,
  executor: string,
  phaseIds: readonly string[],
  databasePath: string,
): string | null {
  if (plan.stop !== null) return plan.stop.message;
  if (phaseIds.length === 0) return t`No phase can be taken.`;
  if (executor === 'example' && isPostgresPath(databasePath))
    return t`The example executor works on SQLite databases alone.`;
  if (executor !== 'example' || phaseIds.some(hasRecordedAnswer)) return null;
  return t`The example executor has a recorded answer for none of these phases.`;
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
  const separator = { label: t`One run`, kind: vscode.QuickPickItemKind.Separator, subject: undefined };
  const picked = await safeWindow.showQuickPick([...batches, separator, ...runs], {
    title: t`Drain`,
    placeHolder: t`What do you want to drain?`,
    matchOnDescription: true,
  });
  return picked?.subject;
}
