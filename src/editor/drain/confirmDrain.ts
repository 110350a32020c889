import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import { roleName } from '../identity/identityFacts.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { subjectLabel, type DrainSubject } from './drainSubject.ts';

/** Everything a person should see before tokens are spent. */
export interface DrainQuestion {
  readonly subject: DrainSubject;
  /** Absolute. */
  readonly databasePath: string;
  readonly role: DatabaseRole;
  /** Phases that could be taken. */
  readonly candidates: number;
  /** Phases that will be taken at most. */
  readonly batchSize: number;
  /** `null` where a session is resumed, whose own holds on. */
  readonly phaseTimeoutSeconds: number | null;
  /** What the drain comes to at most: executions, minutes, tokens. */
  readonly atMost: string;
  readonly warnings: readonly string[];
  readonly executor: string;
  /** Absolute. */
  readonly folder: string;
}

const executors: Readonly<Record<string, string>> = {
  autopack: "autopack (the project's own script, which calls language models)",
  example: 'example (recorded answers: no model is called, samples count as synthetic)',
};

/** Asks before a drain, naming database, executor, number of phases and what it costs at most; `showPlan` opens the plan. */
export async function confirmDrain(question: DrainQuestion, showPlan: () => Promise<void>): Promise<boolean> {
  const { candidates, subject } = question;
  const taken = Math.min(candidates, question.batchSize);
  const isResumed = subject.kind === 'session';
  const drain = isResumed ? 'Resume Drain' : taken === 1 ? 'Drain 1 Phase' : `Drain ${taken} Phases`;
  const message = `${isResumed ? 'Resume with' : 'Drain'} ${subjectLabel(subject, counted(taken, 'phase'))}?`;
  const plan = 'Show Plan';
  const options = { modal: true, detail: detailOf(question, taken) };
  const answer = await vscode.window.showInformationMessage(message, options, drain, plan);
  if (answer !== plan) return answer === drain;
  await showPlan();
  // Not modal this time: the plan is to be read before the answer.
  return (await vscode.window.showInformationMessage(message, drain)) === drain;
}

function detailOf(question: DrainQuestion, taken: number): string {
  const { databasePath, candidates, phaseTimeoutSeconds } = question;
  return [
    `Database: ${basename(databasePath)} (${roleName(question.role)})`,
    databasePath,
    '',
    `Executor: ${executors[question.executor] ?? question.executor}`,
    `Folder: ${question.folder}`,
    ...(candidates === 1
      ? []
      : [`Phases: ${taken === candidates ? 'all' : `${taken} of`} ${counted(candidates, 'candidate')}`]),
    ...(phaseTimeoutSeconds === null
      ? []
      : [`Time limit: ${formatDuration(phaseTimeoutSeconds * 1000)} per phase`]),
    `At most: ${question.atMost}`,
    '',
    'It goes on when this window is closed or reloaded.',
    ...(question.warnings.length === 0 ? [] : ['', ...question.warnings]),
  ].join('\n');
}
