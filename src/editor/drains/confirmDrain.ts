import type { DrainPlan } from '../../core/drain/planDrain.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { Offer } from '../offers/offers.ts';
import { formatDuration } from '../../core/text/times.ts';
import { budgetText } from './drainLimitTexts.ts';
import { planDocumentText, type DrainQuestion } from './planDocumentText.ts';
import { subjectLabel } from './drainSubject.ts';
import type { PlanDocuments } from './planDocuments.ts';

/** Issues that a dialog has room for. */
const mostIssues = 5;

/**
 * Asks before a drain, naming database, issues, executor, number of phases and what it costs at most. The plan, where a
 * person wants to see it, carries the answer itself. A drain that would come to nothing is not offered.
 */
export async function confirmDrain(
  question: DrainQuestion,
  plan: DrainPlan,
  offer: Offer,
  plans: PlanDocuments,
): Promise<'drain' | 'change-options' | 'no'> {
  const { subject, pointless } = question;
  const taken = plan.steps.length;
  const isResumed = subject.kind === 'session';
  const [showPlan, changeOptions] = [t`Show Plan`, t`Change Options…`];
  const drain = isResumed ? t`Resume Drain` : t`Drain ${counted(taken, 'Phase')}`;
  const message = isResumed
    ? t`Resume the drain of ${question.resumes} (${counted(taken, 'phase')} left)?`
    : t`Drain ${subjectLabel(subject, counted(taken, 'phase'))}?`;
  const pressed = await offer.ask({
    severity: question.issues.length === 0 && pointless === null ? 'information' : 'warning',
    message: pointless === null ? message : `${t`This drain would execute nothing.`} ${pointless}`,
    detail: detailOf(question, plan),
    buttons: pointless === null ? [drain, showPlan, changeOptions] : [changeOptions, showPlan],
    harmless: [showPlan, changeOptions],
  });
  if (pressed === changeOptions) return 'change-options';
  if (pressed === undefined) return 'no';
  if (pointless !== null) {
    const planned = { message: pointless, question, plan, basis: offer.basis };
    await plans.show(planDocumentText(planned), offer.basis.path);
    return 'no';
  }
  const isAgreed =
    pressed === showPlan
      ? await plans.ask(planDocumentText({ message, question, plan, basis: offer.basis }), offer, drain)
      : pressed === drain;
  const isDrained = isAgreed && (await offer.confirm({ operation: 'drain', rows: taken }, drain));
  return isDrained ? 'drain' : 'no';
}

function detailOf(question: DrainQuestion, plan: DrainPlan): string[] {
  const { candidates, options } = question;
  const taken = plan.steps.length;
  const budgets = budgetText(options);
  return [
    ...issueLines(question.issues),
    question.workers === 1
      ? t`Executor: ${question.executor}`
      : t`Executor: ${question.executor}, ${question.workers} workers`,
    ...(question.apiServer === null ? [] : [t`API server: ${question.apiServer} (has this database)`]),
    t`Folder: ${question.folder}`,
    ...(candidates === 1
      ? []
      : [
          taken === candidates
            ? t`Phases: all ${counted(candidates, 'candidate')}`
            : t`Phases: ${taken} of ${counted(candidates, 'candidate')}`,
        ]),
    ...leftOutLines(plan),
    t`Time limit: ${formatDuration(options.phaseTimeoutSeconds * 1000)} per phase`,
    ...(budgets === null ? [] : [t`Budget: ${budgets}`]),
    t`At most: ${question.atMost}`,
    ...(question.cost === null ? [] : [question.cost]),
    ...(question.writing === null ? [] : [t`Files: ${question.writing}`]),
    '',
    question.needsWindow
      ? t`Keeps running if you reload this window.`
      : t`Keeps running if you close or reload this window.`,
    ...(question.warnings.length === 0 ? [] : ['', ...question.warnings]),
  ];
}

/** Candidates that are left for another reason than the size of the batch: nobody should have to count. */
function leftOutLines({ notTaken }: DrainPlan): string[] {
  const groups = notTaken.filter(({ code }) => code !== 'drain-ended');
  const shown = groups
    .slice(0, mostIssues)
    .map(({ reason, phases }) => `${t`Left out: ${counted(phases.length, 'phase')}.`} ${reason}`);
  const others = groups.slice(mostIssues).reduce((sum, { phases }) => sum + phases.length, 0);
  return others === 0
    ? shown
    : [...shown, t`Left out: ${counted(others, 'phase')} for other reasons; see the plan.`];
}

function issueLines(issues: readonly string[]): string[] {
  if (issues.length === 0) return [];
  const shown = issues.slice(0, mostIssues).map((issue) => `\u26a0 ${issue}`);
  const left = issues.length - shown.length;
  return [...shown, ...(left === 0 ? [] : [`\u26a0 ${t`and ${counted(left, 'more issue')}`}`]), ''];
}
