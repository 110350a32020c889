import type { DrainOptions } from '../../core/drain/drainOptions.ts';
import { t } from '../../core/text/l10n.ts';
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
export const limitTexts = (): Readonly<Record<keyof DrainLimits, LimitText>> => ({
  batchSize: {
    label: t`Batch size`,
    icon: '$(layers)',
    prompt: t`Maximum number of phases in this drain.`,
    isOptional: false,
    mayBeFraction: false,
    most: 1_000_000,
  },
  maxTokens: {
    label: t`Token budget`,
    icon: '$(symbol-numeric)',
    prompt: t`No phase starts after this many tokens. Empty for no limit.`,
    isOptional: true,
    mayBeFraction: false,
    most: Number.MAX_SAFE_INTEGER,
  },
  maxCost: {
    label: t`Cost limit`,
    icon: '$(credit-card)',
    prompt: t`No phase or model call starts after this cost, in US dollars. Empty for no limit.`,
    isOptional: true,
    mayBeFraction: true,
    most: 1_000_000,
  },
  maxTotalMinutes: {
    label: t`Total time`,
    icon: '$(watch)',
    prompt: t`No phase is begun after this many minutes. Empty for no limit.`,
    isOptional: true,
    mayBeFraction: true,
    most: weekSeconds / 60,
  },
  phaseTimeoutSeconds: {
    label: t`Time limit per phase`,
    icon: '$(clock)',
    prompt: t`A phase is ended after this many seconds.`,
    isOptional: false,
    mayBeFraction: true,
    most: weekSeconds,
  },
  maxAttemptsPerPhase: {
    label: t`Attempts per phase`,
    icon: '$(debug-restart)',
    prompt: t`Maximum attempts per phase in this drain.`,
    isOptional: false,
    mayBeFraction: false,
    most: 1000,
  },
  workers: {
    label: t`Workers`,
    icon: '$(organization)',
    prompt: t`How many processes work on this drain together. Each phase is executed by one of them.`,
    isOptional: false,
    mayBeFraction: false,
    most: 64,
  },
});

/** In the order in which they are offered. */
export const limitNames: readonly (keyof DrainLimits)[] = [
  'batchSize',
  'maxTokens',
  'maxCost',
  'maxTotalMinutes',
  'phaseTimeoutSeconds',
  'maxAttemptsPerPhase',
  'workers',
];

/** A limit as it stands: `50,000 tokens`, `15 min`, `no limit`. */
export function limitText(name: keyof DrainLimits, value: number | null): string {
  if (value === null) return t`no limit`;
  switch (name) {
    case 'maxTokens':
      return t`${formatCount(value)} tokens`;
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
  const { isOptional, mayBeFraction, most } = limitTexts()[name];
  // 50.000 is how some write fifty thousand; as fifty, nobody does.
  const groups = mayBeFraction ? /[,_\s](?=\d{3}(?!\d))/g : /[.,_\s](?=\d{3}(?!\d))/g;
  const typed = text.trim().replaceAll(groups, '');
  if (typed === '' && isOptional) return null;
  const value = Number(typed);
  const isRight =
    typed !== '' && Number.isFinite(value) && value > 0 && (mayBeFraction || Number.isInteger(value));
  if (!isRight) return wantedNumber(isOptional, mayBeFraction);
  return value > most ? t`Give at most ${formatCount(most)}.` : value;
}

function wantedNumber(isOptional: boolean, mayBeFraction: boolean): string {
  if (mayBeFraction)
    return isOptional ? t`Give a number above zero, or nothing.` : t`Give a number above zero.`;
  return isOptional ? t`Give a whole number above zero, or nothing.` : t`Give a whole number above zero.`;
}
