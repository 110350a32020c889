import * as z from 'zod';
import type { SerializedError } from '../core/errors.ts';

/** An error as it arrives from another process of ours. */
export const serializedError = z.object({
  code: z.custom<SerializedError['code']>((code) => typeof code === 'string'),
  message: z.string(),
  nextStep: z.string(),
  stack: z.string().exactOptional(),
}) satisfies z.ZodType<SerializedError>;
