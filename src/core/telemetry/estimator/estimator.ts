import * as z from 'zod';
import { deliverableKinds } from './deliverableKind.ts';

const tokens = z.number().nonnegative();
const byComplexity = z.record(z.string(), tokens);

/**
 * The coefficients of the reference's token estimator, as a file the user can replace. Tokens are output tokens.
 * predicted = floor(safetyFactor x (overhead[category][complexity] + marginal tokens of each deliverable));
 * budget = max(budget.base[complexity], predicted x budget.buffer), at most budget.atMost.
 * Keys it does not know are kept as they are.
 */
export const estimatorSchema = z.looseObject({
  safetyFactor: z.number().positive(),
  budget: z.looseObject({ buffer: z.number().positive(), atMost: z.number().positive(), base: byComplexity }),
  marginalTokens: z.record(z.enum(deliverableKinds), z.strictObject({ new: tokens, modified: tokens })),
  /** For categories or complexities that `overhead` does not name. */
  otherOverhead: tokens,
  overhead: z.record(z.string(), byComplexity),
  /** Other names of categories, each with the name that `overhead` has. */
  aliases: z.record(z.string(), z.string()),
});

/** See {@link estimatorSchema}. */
export type Estimator = Readonly<z.infer<typeof estimatorSchema>>;
