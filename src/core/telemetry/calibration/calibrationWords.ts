import { formatPercent } from '../formatFigures.ts';
import { counted } from '../../text/quantities.ts';
import { kindName } from './calibrationGroups.ts';
import type { CalibrationResult, GateVerdict } from './calibrationProposal.ts';
import { calibrationRules } from './calibrationRules.ts';

/** How a gate stands, in words. */
export const gateWords: Readonly<Record<GateVerdict, string>> = {
  passed: 'Passed',
  'not-passed': 'Not passed',
  'not-judged': 'Not judged',
};

/** What looking again after each drain does to the gates. */
export const lookingWords = `The gates are fixed, whatever the samples say. You may look after every drain: that a change is needed is tested so that all looks together are wrong in ${100 * calibrationRules.needlessChange} % of cases at most (always-valid), and the other tests hold back what is as promised in ${100 * calibrationRules.falseAlarm} % of looks each.`;

/** How the figures before and after are made. */
export const validationWords =
  'Every phase is judged by coefficients made without it, and by the safety factor that is proposed. A phase is underestimated where any of its calls is; one with a cut-off call counts so. All other figures are over clean samples. The error is that of the estimate before the safety factor.';

/** Whether the step goes all the way to its bound. */
export function wholeStep({ safeBudget: { factor, needed } }: CalibrationResult): boolean {
  // A bound that is missed by less than one in a hundred is met.
  return factor !== null && needed !== null && needed <= factor * 1.01;
}

/** What the safety factor promises, what it does not, and what each promise still lacks. */
export function safeBudgetLines(result: CalibrationResult): readonly string[] {
  const { factor, needed, factorInUse, statement, tolerance, surePct } = result.safeBudget;
  const lines: string[] = [];
  if (needed === null || factor === null || wholeStep(result)) {
    lines.push(statement);
    if (factor !== null) lines.push(`Safety factor with the proposed coefficients: ${factor}.`);
  } else {
    lines.push(
      `The bound at 5 % asks for a safety factor of ${needed}; this step goes to ${factor}, so nothing is promised yet.`,
    );
  }
  if (factorInUse !== null)
    lines.push(`With the coefficients in use a safety factor of ${factorInUse} would keep that promise.`);
  if (surePct !== null && factor !== null)
    lines.push(
      `That is a chance for one more phase. To be 95 % sure, the factor of ${factor} serves at least ${formatPercent(surePct)} of all phases.`,
    );
  for (const { contentPct, confidencePct, factor: enough, missing } of tolerance) {
    const promise = `${confidencePct} % sure that at least ${contentPct} % of phases fit`;
    lines.push(
      enough === null
        ? `${promise}: ${counted(missing, 'more phase')} without a cut-off call needed.`
        : `${promise}: safety factor ${enough}.`,
    );
  }
  return [...lines, kindLine(result)];
}

function kindLine({ groups }: CalibrationResult): string {
  const bounded = groups.flatMap((group) =>
    group.bound.factor === null ? [] : [`${kindName(group)} ${group.bound.factor}`],
  );
  if (bounded.length === 0)
    return 'The bound is over all kinds together; one of its own takes 19 phases of a kind.';
  return `The bound is over all kinds together. By kind, the safety factor would be: ${bounded.join(', ')}.`;
}
