import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Offer } from '../window/offers.ts';
import { formatDuration } from '../window/times.ts';
import { planDocumentText } from './drainPlanText.ts';
import { subjectLabel, type DrainSubject } from './drainSubject.ts';
import type { PlanDocuments } from './planDocuments.ts';

/** Everything a person should see before tokens are spent, besides the database. */
export interface DrainQuestion {
  readonly subject: DrainSubject;
  /** What a resumed drain is about: its run, or the name of the database where there are several. */
  readonly resumes: string;
  /** Phases that could be taken. */
  readonly candidates: number;
  /** Phases that will be taken at most. */
  readonly batchSize: number;
  /** `null` where a session is resumed, whose own holds on. */
  readonly phaseTimeoutSeconds: number | null;
  /** What the drain comes to at most: executions, minutes, tokens. */
  readonly atMost: string;
  /** What is wrong with the database or around it, gravest first. */
  readonly issues: readonly string[];
  readonly warnings: readonly string[];
  readonly executor: string;
  /** The address of the server that the executor reuses; `null` where it uses none that runs. */
  readonly apiServer: string | null;
  /** Absolute. */
  readonly folder: string;
}

const executors: Readonly<Record<string, string>> = {
  autopack: "autopack (the project's own script, which calls language models)",
  example: 'example (recorded answers: no model is called, samples count as synthetic)',
};

/** Issues that a dialog has room for. */
const mostIssues = 5;

/**
 * Asks before a drain, naming database, issues, executor, number of phases and what it costs at most. The plan, where a
 * person wants to see it, carries the answer itself.
 */
export async function confirmDrain(
  question: DrainQuestion,
  plan: DrainPlan,
  offer: Offer,
  plans: PlanDocuments,
): Promise<boolean> {
  const { candidates, subject } = question;
  const taken = Math.min(candidates, question.batchSize);
  const isResumed = subject.kind === 'session';
  const drain = isResumed ? 'Resume Drain' : `Drain ${counted(taken, 'Phase')}`;
  const message = isResumed
    ? `Resume the drain of ${question.resumes} (${counted(taken, 'phase')} left)?`
    : `Drain ${subjectLabel(subject, counted(taken, 'phase'))}?`;
  const showPlan = 'Show Plan';
  const pressed = await offer.ask({
    severity: question.issues.length === 0 ? 'information' : 'warning',
    message,
    detail: detailOf(question, taken),
    buttons: [drain, showPlan],
    harmless: [showPlan],
  });
  if (pressed !== showPlan) return pressed === drain;
  return plans.ask(planDocumentText({ message, question, plan, basis: offer.basis }), offer, drain);
}

function detailOf(question: DrainQuestion, taken: number): string[] {
  const { candidates, phaseTimeoutSeconds } = question;
  return [
    ...issueLines(question.issues),
    `Executor: ${executors[question.executor] ?? question.executor}`,
    ...(question.apiServer === null ? [] : [`API server: ${question.apiServer} (has this database)`]),
    `Folder: ${question.folder}`,
    ...(candidates === 1
      ? []
      : [`Phases: ${taken === candidates ? 'all' : `${taken} of`} ${counted(candidates, 'candidate')}`]),
    ...(phaseTimeoutSeconds === null
      ? []
      : [`Time limit: ${formatDuration(phaseTimeoutSeconds * 1000)} per phase`]),
    `At most: ${question.atMost}`,
    '',
    'Keeps running if you close or reload this window.',
    ...(question.warnings.length === 0 ? [] : ['', ...question.warnings]),
  ];
}

function issueLines(issues: readonly string[]): string[] {
  if (issues.length === 0) return [];
  const shown = issues.slice(0, mostIssues).map((issue) => `\u26a0 ${issue}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`\u26a0 and ${counted(left, 'more issue')}`]), ''];
}
