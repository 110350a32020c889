import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import { roleName } from '../identity/identityFacts.ts';
import { counted } from '../text/quantities.ts';
import { formatDuration } from '../text/times.ts';
import { subjectLabel, type DrainSubject } from './drainSubject.ts';

/** Everything a person should see before tokens are spent. */
export interface DrainPlan {
  readonly subject: DrainSubject;
  /** Absolute. */
  readonly databasePath: string;
  readonly role: DatabaseRole;
  /** Phases that could be taken. */
  readonly candidates: number;
  /** Phases that will be taken at most. */
  readonly batchSize: number;
  readonly phaseTimeoutSeconds: number;
  readonly executor: string;
  /** Absolute. */
  readonly folder: string;
}

const executors: Readonly<Record<string, string>> = {
  autopack: "autopack (the project's own script, which calls language models)",
  example: 'example (recorded answers: no model is called, samples count as synthetic)',
};

/** Asks before a drain, naming database, executor and number of phases. */
export async function confirmDrain(plan: DrainPlan): Promise<boolean> {
  const { databasePath, candidates, subject } = plan;
  const taken = Math.min(candidates, plan.batchSize);
  const drain = taken === 1 ? 'Drain 1 Phase' : `Drain ${taken} Phases`;
  const detail = [
    `Database: ${basename(databasePath)} (${roleName(plan.role)})`,
    databasePath,
    '',
    `Executor: ${executors[plan.executor] ?? plan.executor}`,
    `Folder: ${plan.folder}`,
    ...(candidates === 1
      ? []
      : [`Phases: ${taken === candidates ? 'all' : `${taken} of`} ${counted(candidates, 'candidate')}`]),
    `Time limit: ${formatDuration(plan.phaseTimeoutSeconds * 1000)} per phase`,
  ].join('\n');
  const question = `Drain ${subjectLabel(subject, counted(taken, 'phase'))}?`;
  return (await vscode.window.showInformationMessage(question, { modal: true, detail }, drain)) === drain;
}
