import type { DrainOptions } from '../../core/drain/drainOptions.ts';
import { formatCount } from '../../core/text/quantities.ts';
import { formatDuration } from '../../core/text/times.ts';

/** The limits of a drain that a person changes where it is asked about. */
export type DrainLimits = Pick<
  DrainOptions,
  'batchSize' | 'phaseTimeoutSeconds' | 'maxAttemptsPerPhase' | 'maxTokens' | 'maxTotalMinutes' | 'maxCost'
> & {
  /** How many processes work on it; more than one only on PostgreSQL. */
  readonly workers: number;
};

/** How a limit is shown and asked for. */
interface LimitText {
  readonly label: string;
  readonly icon: string;
  readonly prompt: string;
  /** Whether it can be left out. */
  readonly isOptional: boolean;
  readonly mayBeFraction: boolean;
  readonly most: number;
}

const weekSeconds = 7 * 24 * 3600;

/** Every limit, in words. */
export const limitTexts: Readonly<Record<keyof DrainLimits, LimitText>> = {
  batchSize: {
    label: 'Batch size',
    icon: '$(layers)',
    prompt: 'Maximum number of phases in this drain.',
    isOptional: false,
    mayBeFraction: false,
    most: 1_000_000,
  },
  maxTokens: {
    label: 'Token budget',
    icon: '$(symbol-numeric)',
    prompt: 'No phase starts after this many tokens. Empty for no limit.',
    isOptional: true,
    mayBeFraction: false,
    most: Number.MAX_SAFE_INTEGER,
  },
  maxCost: {
    label: 'Cost limit',
    icon: '$(credit-card)',
    prompt: 'No phase or model call starts after this cost, in US dollars. Empty for no limit.',
    isOptional: true,
    mayBeFraction: true,
    most: 1_000_000,
  },
  maxTotalMinutes: {
    label: 'Total time',
    icon: '$(watch)',
    prompt: 'No phase is begun after this many minutes. Empty for no limit.',
    isOptional: true,
    mayBeFraction: true,
    most: weekSeconds / 60,
  },
  phaseTimeoutSeconds: {
    label: 'Time limit per phase',
    icon: '$(clock)',
    prompt: 'A phase is ended after this many seconds.',
    isOptional: false,
    mayBeFraction: true,
    most: weekSeconds,
  },
  maxAttemptsPerPhase: {
    label: 'Attempts per phase',
    icon: '$(debug-restart)',
    prompt: 'Maximum attempts per phase in this drain.',
    isOptional: false,
    mayBeFraction: false,
    most: 1000,
  },
  workers: {
    label: 'Workers',
    icon: '$(organization)',
    prompt: 'How many processes work on this drain together. Each phase is executed by one of them.',
    isOptional: false,
    mayBeFraction: false,
    most: 64,
  },
};

/** In the order in which they are offered. */
export const limitNames = Object.keys(limitTexts) as readonly (keyof DrainLimits)[];

/** A limit as it stands: `50,000 tokens`, `15 min`, `no limit`. */
export function limitText(name: keyof DrainLimits, value: number | null): string {
  if (value === null) return 'no limit';
  switch (name) {
    case 'maxTokens':
      return `${formatCount(value)} tokens`;
    case 'maxCost':
      return `$${value}`;
    case 'maxTotalMinutes':
      return formatDuration(value * 60_000);
    case 'phaseTimeoutSeconds':
      return formatDuration(value * 1000);
    case 'batchSize':
    case 'maxAttemptsPerPhase':
    case 'workers':
      return formatCount(value);
  }
}

/** The limits that end a drain early, as they are set: `50,000 tokens, $2`; `null` without any. */
export function budgetText(limits: Omit<DrainLimits, 'workers'>): string | null {
  const budgets = (['maxTokens', 'maxCost', 'maxTotalMinutes'] as const).filter(
    (name) => limits[name] !== null,
  );
  return budgets.length === 0 ? null : budgets.map((name) => limitText(name, limits[name])).join(', ');
}

/** A typed limit, `null` for none; a text says what is wrong with it. */
export function parseLimit(name: keyof DrainLimits, text: string): number | null | string {
  const { isOptional, mayBeFraction, most } = limitTexts[name];
  const typed = text.trim().replaceAll(/[,_\s](?=\d{3}(?!\d))/g, '');
  if (typed === '' && isOptional) return null;
  const value = Number(typed);
  const isRight =
    typed !== '' && Number.isFinite(value) && value > 0 && (mayBeFraction || Number.isInteger(value));
  if (!isRight)
    return `Give a ${mayBeFraction ? '' : 'whole '}number above zero${isOptional ? ', or nothing' : ''}.`;
  return value > most ? `Give at most ${formatCount(most)}.` : value;
}
