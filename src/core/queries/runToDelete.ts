import { runContent } from '../guard/deleteRun.ts';
import type { RunToDelete } from '../guard/runContent.ts';
import { sampleQualities } from '../telemetry/sampleQuality.ts';
import type { QueryContext } from './queryContext.ts';
import { readTelemetrySamples } from './telemetry.ts';

/** What would go with a run, and how much of it is evidence. Throws `unknown-run` and `held`. */
export function runToDelete(context: QueryContext, { runId }: { readonly runId: string }): RunToDelete {
  const content = runContent(context, runId);
  return { ...content, cleanSamples: cleanSamplesOf(context, runId) };
}

function cleanSamplesOf(context: QueryContext, runId: string): number | null {
  if (!context.schema.hasTable('token_estimation_v2_events')) return null;
  const { phase, phases, quality } = readTelemetrySamples(context);
  const clean = sampleQualities.indexOf('clean');
  return phase.reduce(
    (sum, of, sample) => (quality[sample] === clean && phases[of]?.runId === runId ? sum + 1 : sum),
    0,
  );
}
