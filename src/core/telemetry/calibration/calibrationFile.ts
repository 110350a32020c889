import * as z from 'zod';
import { UserFacingError } from '../../errors.ts';
import { changeCoefficients, coefficientAt, overheadTokens, type Estimator } from '../estimator/estimator.ts';
import type { LogFacts } from '../logs/reconcileLogs.ts';
import type { CalibrationGroup, CalibrationResult } from './calibrationProposal.ts';
import { parseJsonText } from '../../text/decodeText.ts';
import { t } from '../../text/l10n.ts';

/** A change is proposed where its direction is right with this chance: the 95 % interval holds no 1. */
const confidenceThreshold = 0.975;

/** Where a proposal comes from. */
export interface CalibrationOrigin {
  /** An absolute `sqlite:///` URL; `null` where logs alone were read. */
  readonly databaseUrl: string | null;
  /** The logs that were read too: the folder (absolute) and what became of their lines. */
  readonly logs?: LogFacts & { readonly folder: string };
  /** Milliseconds since the epoch. */
  readonly generatedAt: number;
  /** The estimator file the proposal is for; `null` for Autopack's own coefficients. */
  readonly estimator: string | null;
}

/**
 * The content of `token_estimator_calibration_*.json`: Autopack's keys, and ours under `hygiene`. A withheld
 * proposal has no `proposed_changes`, so that nobody applies it by mistake.
 */
export function calibrationFile(result: CalibrationResult, origin: CalibrationOrigin): unknown {
  const changed = result.groups.filter(({ action }) => action === 'propose');
  return {
    metadata: {
      generated_at: new Date(origin.generatedAt).toISOString(),
      confidence_threshold: confidenceThreshold,
      total_samples: result.quality.clean,
      high_confidence_groups: changed.length,
    },
    proposed_changes: result.verdict === 'proposed' ? changed.map(proposedChange) : [],
    hygiene: {
      version: 1,
      ...origin,
      generatedAt: new Date(origin.generatedAt).toISOString(),
      ...result,
    },
  };
}

/** `proposed_multiplier` is what the whole proposal does to the predictions of the group, its safety factor included. */
function proposedChange(group: CalibrationGroup): unknown {
  const median = group.ratio?.quantiles.find(({ probability }) => probability === 0.5);
  return {
    category: group.category,
    complexity: group.complexity,
    sample_count: group.samples,
    confidence: group.estimate?.confidence ?? null,
    median_ratio: median?.plain ?? null,
    proposed_multiplier: group.predictionFactor,
    action: (group.predictionFactor ?? 1) < 1 ? 'decrease' : 'increase',
    reasoning: group.reasoning,
  };
}

const change = z.strictObject({
  path: z.array(z.string()).min(1),
  before: z.number(),
  after: z.number().nonnegative(),
});

/** What applying needs of a file; the rest is for people. */
const applicable = z.looseObject({
  hygiene: z.looseObject({
    version: z.literal(1),
    verdict: z.enum(['proposed', 'withheld']),
    reasons: z.array(z.string()),
    coefficients: z.array(change),
  }),
});

/** A proposal read back from its file. */
export type StoredCalibration = z.infer<typeof applicable>['hygiene'];

/** Reads the text of a calibration file. Throws `unreadable` where it is none of ours. */
export function parseCalibrationFile(text: string, path: string): StoredCalibration {
  try {
    return applicable.parse(parseJsonText(text)).hygiene;
  } catch (error) {
    throw new UserFacingError(
      'unreadable',
      t`${path} is not a calibration proposal of this program.`,
      t`Name the token_estimator_calibration_*.json that calibrate wrote.`,
      { cause: error },
    );
  }
}

/**
 * The estimator with a proposal applied. Throws `invalid-argument` where the proposal was withheld, or was made for
 * other coefficients than these: then its changes would mean something else.
 */
export function applyCalibration(estimator: Estimator, proposal: StoredCalibration): Estimator {
  if (proposal.verdict !== 'proposed') {
    throw new UserFacingError(
      'invalid-argument',
      t`This proposal was withheld. ${proposal.reasons.join(' ')}`,
      t`Collect what is missing and calibrate again.`,
    );
  }
  const other = proposal.coefficients.find(({ path, before }) => presentAt(estimator, path) !== before);
  if (other !== undefined) {
    throw new UserFacingError(
      'invalid-argument',
      t`The proposal is for other coefficients: ${other.path.join('.')} was ${other.before}, and is ${presentAt(estimator, other.path) ?? t`missing`} here.`,
      t`Calibrate again with --estimator naming this file.`,
    );
  }
  return changeCoefficients(estimator, proposal.coefficients);
}

/** An overhead that the file does not name is the one for others. */
function presentAt(estimator: Estimator, path: readonly string[]): number | undefined {
  const [section, category = '', complexity = ''] = path;
  if (section === 'overhead' && path.length === 3) return overheadTokens(estimator, { category, complexity });
  return coefficientAt(estimator, path);
}
