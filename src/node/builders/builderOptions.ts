import * as z from 'zod';

/** How the built-in builders work. Paths are absolute. */
export const builderOptions = z.object({
  /** Whether a cut answer is continued. */
  continueCut: z.boolean(),
  /** The longest silence of the model. */
  stallSeconds: z.number().positive(),
  /** The most output tokens that the model takes as a limit; `null` where none is known. */
  maxOutputTokens: z.number().int().positive().nullable(),
  /** Whether the tests of a phase may be run in the workspace. */
  runTests: z.boolean(),
  /** The estimator's coefficients; Autopack's own without a file. */
  estimatorPath: z.string().nullable(),
  /** The user's own prices, which go before those that come with the product. */
  pricesPath: z.string().nullable(),
});

/** See {@link builderOptions}. */
export type BuilderOptions = Readonly<z.output<typeof builderOptions>>;

/** What is done where nobody says otherwise. */
export const builderDefaults: BuilderOptions = {
  continueCut: false,
  stallSeconds: 120,
  maxOutputTokens: null,
  runTests: false,
  estimatorPath: null,
  pricesPath: null,
};
