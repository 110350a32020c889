import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Offer } from '../offers/offers.ts';
import { formatDuration } from '../window/times.ts';
import { planDocumentText, type DrainQuestion } from './drainPlanText.ts';
import { subjectLabel } from './drainSubject.ts';
import type { PlanDocuments } from './planDocuments.ts';

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
): Promise<'drain' | 'change-executor' | 'no'> {
  const { candidates, subject } = question;
  const taken = Math.min(candidates, question.batchSize);
  const isResumed = subject.kind === 'session';
  const drain = isResumed ? 'Resume Drain' : `Drain ${counted(taken, 'Phase')}`;
  const message = isResumed
    ? `Resume the drain of ${question.resumes} (${counted(taken, 'phase')} left)?`
    : `Drain ${subjectLabel(subject, counted(taken, 'phase'))}?`;
  const showPlan = 'Show Plan';
  const change = 'Change Executor…';
  const pressed = await offer.ask({
    severity: question.issues.length === 0 ? 'information' : 'warning',
    message,
    detail: detailOf(question, taken),
    buttons: [drain, showPlan, change],
    harmless: [showPlan, change],
  });
  if (pressed === change) return 'change-executor';
  const isAgreed =
    pressed === showPlan
      ? await plans.ask(planDocumentText({ message, question, plan, basis: offer.basis }), offer, drain)
      : pressed === drain;
  return isAgreed ? 'drain' : 'no';
}

function detailOf(question: DrainQuestion, taken: number): string[] {
  const { candidates, phaseTimeoutSeconds } = question;
  return [
    ...issueLines(question.issues),
    `Executor: ${question.executor}`,
    ...(question.apiServer === null ? [] : [`API server: ${question.apiServer} (has this database)`]),
    `Folder: ${question.folder}`,
    ...(candidates === 1
      ? []
      : [`Phases: ${taken === candidates ? 'all' : `${taken} of`} ${counted(candidates, 'candidate')}`]),
    ...(phaseTimeoutSeconds === null
      ? []
      : [`Time limit: ${formatDuration(phaseTimeoutSeconds * 1000)} per phase`]),
    `At most: ${question.atMost}`,
    ...(question.cost === null ? [] : [question.cost]),
    ...(question.writing === null ? [] : [`Files: ${question.writing}`]),
    '',
    question.needsWindow
      ? 'Keeps running if you reload this window.'
      : 'Keeps running if you close or reload this window.',
    ...(question.warnings.length === 0 ? [] : ['', ...question.warnings]),
  ];
}

function issueLines(issues: readonly string[]): string[] {
  if (issues.length === 0) return [];
  const shown = issues.slice(0, mostIssues).map((issue) => `\u26a0 ${issue}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`\u26a0 and ${counted(left, 'more issue')}`]), ''];
}
