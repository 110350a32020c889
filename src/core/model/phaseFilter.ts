import { t } from '../text/l10n.ts';
import { normaliseCategory, normaliseComplexity } from './sampleKind.ts';
import type { Phase } from './phase.ts';
import { normaliseState, type State } from './state.ts';

/** What phases are looked for by that stays the same while they are drained. An empty list or text asks for nothing. */
export interface PhaseMatch {
  /** Part of the run's id, of the phase's id or of its name, whatever its case. */
  readonly text: string;
  /** Any of these, by any of their names: see `normaliseCategory`. A missing one is `unknown`. */
  readonly categories: readonly string[];
  readonly complexities: readonly string[];
}

/** Which phases to look at. Conditions of different kinds must all hold. */
export interface PhaseFilter extends PhaseMatch {
  /** Any of these. */
  readonly states: readonly State[];
}

/** What a match looks at. */
export type MatchedPhase = Pick<Phase, 'runId' | 'phaseId' | 'name' | 'category' | 'complexity'>;

/** What a filter looks at. */
export type FilteredPhase = MatchedPhase & Pick<Phase, 'state'>;

/** Matches every phase. */
export const anyPhase: PhaseFilter = { states: [], text: '', categories: [], complexities: [] };

/** Whether a match has any condition. */
export function hasMatch({ text, categories, complexities }: PhaseMatch): boolean {
  return fold(text) !== '' || categories.length > 0 || complexities.length > 0;
}

/** Whether it leaves anything out. */
export function isFiltering(filter: PhaseFilter): boolean {
  return filter.states.length > 0 || hasMatch(filter);
}

/** The match as a test, to be made once for many phases. */
export function matchTest(match: PhaseMatch): (phase: MatchedPhase) => boolean {
  const text = fold(match.text);
  const isCategory = anyOf(match.categories, normaliseCategory);
  const isComplexity = anyOf(match.complexities, normaliseComplexity);
  const holds = (own: string): boolean => own.toLowerCase().includes(text);
  return ({ runId, phaseId, name, category, complexity }) =>
    isCategory(category) &&
    isComplexity(complexity) &&
    (text === '' || holds(runId) || holds(phaseId) || holds(name));
}

/** The filter as a test. */
export function filterTest(filter: PhaseFilter): (phase: FilteredPhase) => boolean {
  const states = new Set(filter.states.map(normaliseState));
  const matches = matchTest(filter);
  return (phase) => (states.size === 0 || states.has(phase.state)) && matches(phase);
}

/** What a match asks for, in words: `"auth"`, `tests or docs`, `low`. */
export function matchWords({ text, categories, complexities }: PhaseMatch): string[] {
  const sought = text.trim() === '' ? '' : `"${text.trim()}"`;
  const lists = [categories.map(normaliseCategory), complexities.map(normaliseComplexity)];
  return [sought, ...lists.map((names) => names.join(t` or `))].filter((words) => words !== '');
}

function anyOf(
  wanted: readonly string[],
  nameOf: (stored: string | null) => string,
): (own: string | null) => boolean {
  const names = new Set(wanted.map(nameOf));
  return (own) => names.size === 0 || names.has(nameOf(own));
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
