import { contextual } from '../../text/l10n.ts';
import type { SampleQuality, Suspicion } from '../samples/sampleQuality.ts';

/** A class of samples in a word, as people read it. */
export function qualityName(quality: SampleQuality): string {
  const names: Readonly<Record<SampleQuality, string>> = {
    synthetic: contextual('quality')`synthetic`,
    failed: contextual('quality')`failed`,
    counted: contextual('quality')`counted`,
    truncated: contextual('quality')`truncated`,
    suspect: contextual('quality')`suspect`,
    orphaned: contextual('quality')`orphaned`,
    clean: contextual('quality')`clean`,
  };
  return names[quality];
}

/** Why a sample is suspect, in a word or two, as people read it. */
export function reasonName(reason: Suspicion): string {
  const names: Readonly<Record<Suspicion, string>> = {
    'no-stop-reason': contextual('reason')`no-stop-reason`,
    'total-tokens': contextual('reason')`total-tokens`,
    'not-positive': contextual('reason')`not-positive`,
    'category-conflict': contextual('reason')`category-conflict`,
    'source-conflict': contextual('reason')`source-conflict`,
    duplicate: contextual('reason')`duplicate`,
    incomplete: contextual('reason')`incomplete`,
    unfinished: contextual('reason')`unfinished`,
    'above-limit': contextual('reason')`above-limit`,
    counted: contextual('reason')`counted`,
  };
  return names[reason];
}
