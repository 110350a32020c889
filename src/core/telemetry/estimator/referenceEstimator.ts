import type { Estimator } from './estimator.ts';

const service = { low: 2000, medium: 3000, high: 5000 };

/** The coefficients the reference works with for a built-in builder, where the user names no other. */
export const referenceEstimator: Estimator = {
  about: "The reference's output token estimator for a built-in builder. Tokens are output tokens.",
  safetyFactor: 1.3,
  budget: { buffer: 1.2, atMost: 64_000, base: { low: 8192, medium: 12_288, high: 16_384 } },
  leastMaxTokens: 16_384,
  marginalTokens: {
    backend: { new: 2000, modified: 700 },
    frontend: { new: 2800, modified: 1100 },
    test: { new: 1400, modified: 600 },
    doc: { new: 500, modified: 400 },
    config: { new: 1000, modified: 500 },
  },
  otherOverhead: 2000,
  overhead: {
    implementation: { low: 634, medium: 1176, high: 5000 },
    refactoring: { low: 2500, medium: 3500, high: 5500 },
    configuration: { low: 800, medium: 1500, high: 2500 },
    integration: { low: 3000, medium: 4000, high: 6000 },
    testing: { low: 915, medium: 2500, high: 4000 },
    docs: { low: 1500, medium: 2500, high: 3500 },
    backend: service,
    database: service,
    deployment: service,
    frontend: { low: 2500, medium: 3500, high: 5500 },
  },
  aliases: { tests: 'testing', doc: 'docs', doc_write: 'docs', documentation: 'docs' },
};
