import * as z from 'zod';
import type { ExecutorPort } from '../../core/model/execution.ts';

/** What an executor is made of, as another process is told; see `makeExecutor`. */
export const executorDescription = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('autopack'),
    interpreter: z.string(),
    apiUrl: z.string().exactOptional(),
    environment: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.object({ name: z.literal('example'), script: z.string() }),
]);

/** One of {@link executorDescription}. */
export type ExecutorDescription = Readonly<z.output<typeof executorDescription>>;

/** An executor that another process can make as well. */
export interface DescribedExecutor extends ExecutorPort {
  readonly description: ExecutorDescription;
}
