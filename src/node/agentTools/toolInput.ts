import * as z from 'zod';
import type { PhaseFilter } from '../../core/model/phaseFilter.ts';
import { t } from '../../core/text/l10n.ts';

const name = z.string().max(200);

/** Which phases a tool is asked about; the same words as the filter of the Runs view. */
export const filterInput = {
  states: z
    .array(name)
    .max(20)
    .optional()
    .describe('Only phases in one of these states, e.g. FAILED, QUEUED.'),
  text: name.optional().describe('Only phases whose id, name or run id holds this text.'),
  categories: z.array(name).max(20).optional().describe('Only phases of these categories, e.g. tests, docs.'),
  complexities: z
    .array(name)
    .max(20)
    .optional()
    .describe('Only phases of these complexities: low, medium, high.'),
} as const;

/** Phases by their keys. */
export const phaseInput = z
  .array(z.strictObject({ runId: z.string().max(500), phaseId: z.string().max(500) }))
  .min(1)
  .max(500);

/** How many phases of a plan are named. */
const mostNamed = 12;

/** What becomes of phases: `Become QUEUED:`, then a line each, and the number of those that have none. */
export function planOfPhases(
  what: string,
  phases: readonly { readonly runId: string; readonly phaseId: string; readonly state?: string }[],
): string[] {
  const named = phases.slice(0, mostNamed).map(({ runId, phaseId, state }) => {
    const was = state === undefined ? '' : t` (now ${state})`;
    return `${runId} / ${phaseId}${was}`;
  });
  const left = phases.length - named.length;
  return [`${what}:`, ...named, ...(left === 0 ? [] : [t`and ${left} more`])];
}

/** Which part of a list. */
export const pageInput = {
  offset: z.int().min(0).default(0).describe('How many entries to skip: see leftOut of the answer before.'),
  limit: z.int().min(1).max(100).default(25).describe('At most this many entries.'),
} as const;

interface FilterInput {
  readonly states?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly complexities?: readonly string[] | undefined;
}

/** The filter that an input asks for. */
export function filterOf({ states, text, categories, complexities }: FilterInput): PhaseFilter {
  return {
    states: states ?? [],
    text: text ?? '',
    categories: categories ?? [],
    complexities: complexities ?? [],
  };
}

/** A part of a list, as an answer takes it. */
export function pageOf<T>(
  name: string,
  all: readonly T[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
  tell: (item: T) => unknown,
): { name: string; items: unknown[]; offset: number; total: number; isPaged: true } {
  const items = all.slice(offset, offset + limit).map(tell);
  return { name, items, offset, total: all.length, isPaged: true };
}
