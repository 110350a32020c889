import type * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { drainDefaults, type DrainOptions } from '../../core/drain/drainOptions.ts';
import { t } from '../../core/text/l10n.ts';
import { readSetting } from '../settings.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { limitNames, limitText, limitTexts, parseLimit, type DrainLimits } from './drainLimitTexts.ts';

const key = 'drainLimits';
const stored = lazily(() => {
  const amount = z.number().positive();
  return z.record(
    z.string(),
    z
      .object({
        batchSize: amount,
        phaseTimeoutSeconds: amount,
        maxAttemptsPerPhase: amount,
        maxTokens: amount.nullable(),
        maxTotalMinutes: amount.nullable(),
        maxCost: amount.nullable(),
        workers: amount.int(),
      })
      .partial(),
  );
});

/** Databases whose limits are remembered: the settings are for all others. */
const mostDatabases = 50;

/** The limits that a person gave drains of a database (by its absolute path) last; kept for the workspace. */
export class DrainLimitStore {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** What a drain of the database is limited to: what was chosen for it before, else the settings of the folder. */
  limitsOf(databasePath: string, folder: vscode.WorkspaceFolder): DrainLimits {
    return { ...limitSettings(folder), ...this.#all[databasePath] };
  }

  async remember(databasePath: string, changed: Partial<DrainLimits>): Promise<void> {
    const { [databasePath]: before, ...others } = this.#all;
    const entries = [...Object.entries(others), [databasePath, { ...before, ...changed }] as const];
    await this.#memento.update(key, Object.fromEntries(entries.slice(-mostDatabases)));
  }

  get #all(): Readonly<Record<string, Partial<DrainLimits>>> {
    const parsed = stored().safeParse(this.#memento.get(key));
    if (!parsed.success) return {};
    const known = Object.entries(parsed.data).map(([path, limits]) => [path, withoutGaps(limits)] as const);
    return Object.fromEntries(known);
  }
}

/** Without what is not given, which would stand in the way of the settings. */
function withoutGaps(limits: {
  [Name in keyof DrainLimits]?: DrainLimits[Name] | undefined;
}): Partial<DrainLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function limitSettings(folder: vscode.WorkspaceFolder): DrainLimits {
  const orNone = (value: number): number | null => (value > 0 ? value : null);
  return {
    batchSize: readSetting('drain.batchSize', folder),
    phaseTimeoutSeconds: readSetting('drain.phaseTimeoutSeconds', folder),
    maxAttemptsPerPhase:
      readSetting('drain.maxAttemptsPerPhase', folder) || drainDefaults.maxAttemptsPerPhase,
    maxTokens: orNone(readSetting('drain.maxTokens', folder)),
    maxTotalMinutes: orNone(readSetting('drain.maxTotalMinutes', folder)),
    maxCost: orNone(readSetting('drain.maxCost', folder)),
    workers: 1,
  };
}

/** What can be changed about a drain that is being asked about. */
export interface ChangeableOptions {
  readonly options: DrainOptions;
  readonly workers: number;
  /** In words. */
  readonly executor: string;
  /** Those of the limits that mean something for what is drained. */
  readonly limits: readonly (keyof DrainLimits)[];
}

/**
 * Lets a person change limits one after the other, until they are done, or go on to the executor. `undefined` where they
 * leave it, which changes nothing.
 */
export async function askDrainOptions({
  options,
  workers,
  executor,
  limits,
}: ChangeableOptions): Promise<Partial<DrainLimits> | 'executor' | undefined> {
  if (limits.length === 0) return 'executor';
  let changed: Partial<DrainLimits> = {};
  for (;;) {
    const now = { ...options, workers, ...changed };
    const done = { label: `$(check) ${t`Use These Options`}`, description: '', change: 'done' } as const;
    const items = [
      ...(Object.keys(changed).length === 0 ? [] : [done]),
      { label: `$(server-process) ${t`Executor`}`, description: executor, change: 'executor' } as const,
      ...limitNames
        .filter((name) => limits.includes(name))
        .map((name) => ({
          label: `${limitTexts()[name].icon} ${limitTexts()[name].label}`,
          description: limitText(name, now[name]),
          change: name,
        })),
    ];
    const picked = await safeWindow.showQuickPick(items, {
      title: t`Drain Options`,
      placeHolder: t`What do you want to change? Limits are remembered for this database.`,
    });
    if (picked === undefined) return undefined;
    const { change } = picked;
    if (change === 'done') return changed;
    if (change === 'executor') return 'executor';
    const value = await askLimit(change, now[change]);
    if (value !== undefined) changed = { ...changed, [change]: value };
  }
}

/** `null` for no limit; `undefined` where the user leaves it. */
async function askLimit(name: keyof DrainLimits, before: number | null): Promise<number | null | undefined> {
  const { label, prompt } = limitTexts()[name];
  const given = await safeWindow.showInputBox({
    title: label,
    prompt,
    value: before === null ? '' : String(before),
    validateInput: (text) => {
      const parsed = parseLimit(name, text);
      return typeof parsed === 'string' ? parsed : undefined;
    },
  });
  if (given === undefined) return undefined;
  const parsed = parseLimit(name, given);
  return typeof parsed === 'string' ? undefined : parsed;
}
