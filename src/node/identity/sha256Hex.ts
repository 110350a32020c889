import { createHash } from 'node:crypto';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';

/** SHA-256 on Node. */
export const sha256Hex: Sha256Hex = (text) => createHash('sha256').update(text).digest('hex');
