import * as z from 'zod';
import type { SerializedError } from '../core/errors.ts';

/** An error as it arrives from another process of ours, which is of the same version. */
export const serializedError = z.object({
  code: z.custom<SerializedError['code']>((code) => typeof code === 'string'),
  message: z.string(),
  nextStep: z.string(),
  stack: z.string().exactOptional(),
}) satisfies z.ZodType<SerializedError>;

/** What a command prints with `--json` where it fails. */
export const printedError = z.object({ error: serializedError });
