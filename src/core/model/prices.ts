import * as z from 'zod';
import { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';
import { printable } from '../text/printable.ts';
import { totalCost, type CallCost, type ModelUsage } from './modelCall.ts';
import shipped from './prices.json' with { type: 'json' };

/** US dollars per million tokens. */
const rate = z.number().nonnegative().max(1e6);
const rates = z.strictObject({
  input: rate,
  /** Input read from the cache; as `input` where it is absent. */
  cached: rate.optional(),
  /** Input written to the cache; as `input` where it is absent. */
  cacheWrite: rate.optional(),
  /** Reasoning is output. */
  output: rate,
});
const price = rates.extend({
  /** The prices of a whole call whose prompt has more than `above` tokens. */
  longPrompt: rates.extend({ above: z.number().int().positive() }).optional(),
});
const priceList = z.strictObject({
  /** The day the prices are of: `2026-11-06`. */
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: () => t`a date such as 2026-11-06` }),
  note: z.string().optional(),
  /** By the host of the endpoint, with its port if it has one; `*` is every host. */
  hosts: z.record(
    z.string(),
    z.strictObject({ source: z.string().optional(), models: z.record(z.string(), price) }),
  ),
});

/** Prices of models by the host that serves them. */
export type PriceList = Readonly<z.output<typeof priceList>>;

/** The prices of one model. */
export interface ModelPrice extends Readonly<z.output<typeof price>> {
  /** The day they are of. */
  readonly date: string;
}

/** List prices that come with this version, which a test checks. They are estimates, for the providers' own services alone. */
export const shippedPrices: PriceList = shipped;

/** Reads a price list that a person wrote; `name` is its file. Throws `invalid-argument` with what is wrong, and where. */
export function parsePriceList(json: string, name: string): PriceList {
  const nextStep = t`Correct the file to something like ${JSON.stringify(example)}.`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = printable(error instanceof Error ? error.message : String(error), 120);
    throw new UserFacingError(
      'invalid-argument',
      t`The price list ${name} is not JSON: ${reason}.`,
      nextStep,
    );
  }
  const result = priceList.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = printable(issue?.path.map(String).join(' > ') ?? '', 120);
  const what = printable(issue?.message ?? t`it has another shape`, 160);
  throw new UserFacingError(
    'invalid-argument',
    where === ''
      ? t`The price list ${name} is wrong: ${what}.`
      : t`The price list ${name} is wrong at ${where}: ${what}.`,
    nextStep,
  );
}

const example: PriceList = {
  date: '2026-11-06',
  hosts: { 'localhost:11434': { models: { '*': { input: 0, output: 0 } } } },
};

/**
 * The price of a model as a host serves it; `null` where no list has it. Of several lists the first that has it counts.
 * Within one, the host itself counts before `*`, and the longest name that the model's name is, or begins with before
 * its date or version: `gpt-5-mini-2025-08-07` is `gpt-5-mini`, and `gpt-5.9` is no `gpt-5`. `*` is every model.
 */
export function priceOfModel(lists: readonly PriceList[], host: string, model: string): ModelPrice | null {
  for (const { hosts, date } of lists) {
    for (const { models } of [hosts[host], hosts['*']].filter((each) => each !== undefined)) {
      const best = bestEntry(models, model);
      if (best !== undefined) return { ...best[1], date };
    }
  }
  return null;
}

/**
 * US dollars for a million tokens of a model's output, whoever served it; `null` where no list names it, or hosts differ. What
 * a host asks for every model says nothing of one that may have been served elsewhere.
 */
export function outputPrice(lists: readonly PriceList[], model: string): number | null {
  for (const { hosts } of lists) {
    const found = new Set(
      Object.entries(hosts).flatMap(([host, { models }]) => {
        const best = bestEntry(models, model);
        return best === undefined || (best[0] === '*' && host !== '*') ? [] : [best[1].output];
      }),
    );
    const [only = null] = found;
    if (found.size > 0) return found.size === 1 ? only : null;
  }
  return null;
}

type Entry = readonly [name: string, price: z.output<typeof price>];

function bestEntry(models: Readonly<Record<string, Entry[1]>>, model: string): Entry | undefined {
  const name = model.toLowerCase();
  return Object.entries(models)
    .filter(([entry]) => isNameOf(entry.toLowerCase(), name))
    .sort(([a], [b]) => lengthOf(b) - lengthOf(a))[0];
}

function lengthOf(entry: string): number {
  return entry === '*' ? 0 : entry.length;
}

/** Dates, versions and what else names the same model at the same price. */
const suffix =
  /^[-@:.](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|\d{2}-\d{4}|\d{3}|latest|preview(?:-\d{2}-(?:\d{2}|\d{4}))?)$/;

function isNameOf(entry: string, model: string): boolean {
  if (entry === '*' || entry === model) return true;
  // Services name models by their maker as well, and Google's list by its kind.
  const bare = model.replace(/^models\//, '');
  if (entry === bare) return true;
  return bare.startsWith(entry) && suffix.test(bare.slice(entry.length));
}

/** What a call cost, in US dollars. */
export function callCost(usage: ModelUsage, { longPrompt, ...usual }: ModelPrice): CallCost {
  const prompt = usage.uncachedInput + usage.cachedInput + usage.cacheWrite;
  const each = longPrompt !== undefined && prompt > longPrompt.above ? longPrompt : usual;
  const cost = (tokens: number, dollars: number): number => (tokens * dollars) / 1e6;
  return {
    input: cost(usage.uncachedInput, each.input),
    cached: cost(usage.cachedInput, each.cached ?? each.input),
    cacheWrite: cost(usage.cacheWrite, each.cacheWrite ?? each.input),
    output: cost(usage.output - usage.reasoning, each.output),
    reasoning: cost(usage.reasoning, each.output),
  };
}

/** A phase as a plan asks the model for it. Tokens. */
export interface PlannedBuild {
  /** Of the prompt, estimated. */
  readonly input: number;
  /** Output that is predicted. */
  readonly predicted: number;
  /** The limit of output of each call. */
  readonly limit: number;
  /** How many calls there may be: attempts, repairs, continuations. */
  readonly mostCalls: number;
}

/** What a plan is to cost, and the most it can, in US dollars. */
export interface PlanCost {
  readonly expected: number;
  readonly most: number;
}

/**
 * What phases are to cost: one call each with what is predicted; at most, all calls that are allowed, each with an answer
 * up to the limit, and with the answers before it in its prompt, at the dearest price of input.
 */
export function planCost(builds: readonly PlannedBuild[], modelPrice: ModelPrice): PlanCost {
  let [expected, most] = [0, 0];
  for (const { input, predicted, limit, mostCalls } of builds) {
    expected += totalCost(callCost(plainUsage(input, predicted), modelPrice));
    for (let before = 0; before < mostCalls; before += 1) {
      const usage = plainUsage(input + before * limit, limit);
      const written = { ...usage, uncachedInput: 0, cacheWrite: usage.input };
      most += Math.max(totalCost(callCost(usage, modelPrice)), totalCost(callCost(written, modelPrice)));
    }
  }
  return { expected, most };
}

function plainUsage(input: number, output: number): ModelUsage {
  return {
    ...{ input, uncachedInput: input, cachedInput: 0, cacheWrite: 0, output, reasoning: 0 },
    source: 'counted',
  };
}
