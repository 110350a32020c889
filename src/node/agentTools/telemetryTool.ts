import * as z from 'zod';
import { nextSteps } from '../../core/telemetry/analysis/nextSteps.ts';
import {
  defaultTelemetryOptions,
  formatGateLimit,
  formatGateValue,
  gateVerdict,
} from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { defineTool, type AgentTool } from './agentTool.ts';

/** What the telemetry is worth, and what is missing. */
export const telemetryTool: AgentTool = defineTool({
  name: 'autopack_telemetry',
  title: 'Autopack: Telemetry Summary',
  description:
    'Summarizes the token telemetry of the selected Autopack database: how many samples and of what quality, how predictions compare with actual output tokens, whether each gate for tuning is passed and why not, and which kinds of phases (category, complexity, deliverables) lack clean samples. Use it to decide whether the estimator may be calibrated, or what to seed and drain. Takes seconds on a large database. Reads only.',
  input: z.strictObject({}),
  async answer(_, { world, path, signal, progress }) {
    progress('Analyzing telemetry');
    const question = { options: defaultTelemetryOptions };
    const { analysis } = (await world.reader.request(path, 'telemetry', question, signal)).value;
    progress('Checking coverage');
    const { coverage } = (await world.reader.request(path, 'coverage', null, signal)).value;
    const { samples, analysed, synthetic, quality, suspicions, tier1, tier2, diagnostic } = analysis;
    return {
      facts: {
        samples,
        analysed,
        synthetic,
        quality,
        suspicions,
        risk: tier1,
        cost: tier2,
        diagnostic,
        gates: analysis.gates.map((gate) => ({
          gate: gate.label,
          verdict: gateVerdict(gate),
          value: formatGateValue(gate),
          limit: formatGateLimit(gate),
          detail: gate.detail,
        })),
        nextSteps: nextSteps(analysis).map(({ text }) => text),
        coverage: {
          complete: coverage.complete,
          phases: coverage.phases,
          missing: coverage.missing,
          toSeed: coverage.toSeed,
        },
      },
      lists: [
        {
          name: 'missing',
          items: coverage.cells
            .filter(({ missing }) => missing > 0)
            .map(({ category, complexity, deliverables, have, need, waiting }) => ({
              category,
              complexity,
              deliverables,
              have,
              need,
              waiting,
            })),
        },
        {
          name: 'groups',
          items: analysis.groups.map((group) => ({
            category: group.category,
            complexity: group.complexity,
            samples: group.samples,
            clean: group.clean,
            underestimationRatePct: group.underestimationRatePct,
            wasteMedian: group.wasteMedian,
            smapeMean: group.smapeMean,
          })),
        },
      ],
    };
  },
});
