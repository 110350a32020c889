import * as z from 'zod';
import type { DrainRequest } from '../../../core/drain/drainOptions.ts';
import { storedOptions } from '../../../core/drain/hygieneSession.ts';
import type { WriteExpectation } from '../../../core/identity/databaseFingerprint.ts';
import { executorDescription } from '../executorDescription.ts';

/** What a drain in a process of its own is told. Paths are absolute. */
export const drainHostJob = z.object({
  /** Where it is to be followed. */
  endpoint: z.string(),
  /** A `file:` URL, see `createDatabaseReader`. */
  workerUrl: z.string(),
  /** A `file:` URL, see `WriterClient`. */
  writerUrl: z.string(),
  databasePath: z.string(),
  workspaceFolder: z.string(),
  executor: executorDescription,
  options: storedOptions satisfies z.ZodType<DrainRequest>,
  /** The session to go on with. */
  resume: z.string().nullable(),
  /** The database that was agreed to. */
  expected: z.object({
    id: z.string(),
    role: z.enum(['seed', 'legacy']),
    fileId: z.string(),
    allowTriggers: z.boolean().optional(),
  }) satisfies z.ZodType<WriteExpectation>,
});

/** One job. */
export interface DrainHostJob extends Readonly<Omit<z.output<typeof drainHostJob>, 'options'>> {
  readonly options: DrainRequest;
}
