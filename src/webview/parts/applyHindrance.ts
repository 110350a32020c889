import type { PageCalibration } from '../../protocol/telemetryProtocol.ts';
import type { ReportContent } from '../reportContent.ts';

/** Why a proposal cannot be applied, in a sentence or two; `null` where it can. */
export function applyHindrance({
  result,
  trusted,
  applied,
}: Pick<PageCalibration, 'result' | 'trusted'> & Pick<ReportContent, 'applied'>): string | null {
  if (!trusted)
    return 'Nothing is written in Restricted Mode: trust the workspace to write or apply a proposal.';
  if (result.verdict === 'withheld') {
    const missed = result.gates.filter(({ verdict }) => verdict === 'not-passed').map(({ label }) => label);
    const why = missed.length === 0 ? result.reasons.join(' ') : `Not passed: ${missed.join(', ')}.`;
    return `A withheld proposal cannot be applied. ${why}`;
  }
  if (applied !== null)
    return 'It was applied. Another step needs new samples, made with the new coefficients.';
  return null;
}
