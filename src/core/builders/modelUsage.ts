import * as z from 'zod';
import type { ModelUsage } from '../model/modelCall.ts';
import type { ModelRequest } from './modelPort.ts';

/** UTF-16 units of source code and English a token of the usual vocabularies stands for, on average. */
export const unitsPerToken = 3.6;

/**
 * About how many tokens a text is, where nothing counts them: 3.6 ASCII characters are one, which is the average of
 * GPT-4o's and Llama's vocabularies over source code with comments; any other character counts as one.
 */
export function estimateTokens(text: string): number {
  let others = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) others += 1;
  return Math.ceil((text.length - others) / unitsPerToken + others);
}

/** The usage of a call for which the server reported none: everything estimated by {@link estimateTokens}. */
export function countedUsage(input: string, output: string, reasoning = ''): ModelUsage {
  const [inputTokens, reasoningTokens] = [estimateTokens(input), estimateTokens(reasoning)];
  return {
    input: inputTokens,
    uncachedInput: inputTokens,
    cachedInput: 0,
    cacheWrite: 0,
    output: estimateTokens(output) + reasoningTokens,
    reasoning: reasoningTokens,
    source: 'counted',
  };
}

/** What a call has used, about, that ended before anybody counted it; `answer` is what came. */
export function endedUsage({ system, messages }: ModelRequest, answer: string): ModelUsage {
  return countedUsage([system, ...messages.map(({ text }) => text)].join('\n'), answer);
}

/** A count of tokens; anything else that stands in its place says nothing. */
const tokens = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).nullish().catch(null);

const openAi = z.looseObject({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  total_tokens: tokens,
  // DeepSeek, and Moonshot, say beside it what others say inside of the details.
  prompt_cache_hit_tokens: tokens,
  cached_tokens: tokens,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: tokens, cache_write_tokens: tokens, cache_creation_tokens: tokens })
    .nullish()
    .catch(null),
  completion_tokens_details: z.looseObject({ reasoning_tokens: tokens }).nullish().catch(null),
});

/**
 * The usage that an OpenAI-compatible server reports; `null` where it reports none. Cached input is inside of the input.
 * Most count reasoning inside of the completion, some (xAI, Gemini) beside it: then the total is larger than prompt and
 * completion.
 */
export function openAiUsage(reported: unknown): ModelUsage | null {
  const { data } = openAi.safeParse(reported);
  if (data === undefined) return null;
  const prompt = data.prompt_tokens ?? difference(data.total_tokens, data.completion_tokens);
  const completion = data.completion_tokens ?? difference(data.total_tokens, data.prompt_tokens);
  // Servers that count nothing report zeros.
  if (prompt === null || completion === null || prompt + completion === 0) return null;
  const details = data.prompt_tokens_details;
  const cached = details?.cached_tokens ?? data.prompt_cache_hit_tokens ?? data.cached_tokens ?? 0;
  const cacheWrite = details?.cache_write_tokens ?? details?.cache_creation_tokens ?? 0;
  const toldReasoning = data.completion_tokens_details?.reasoning_tokens ?? 0;
  const beside = Math.max(0, (data.total_tokens ?? 0) - prompt - completion);
  // Some that stand before Anthropic's models count cached input beside the prompt, as those do.
  const isInputBeside =
    cached + cacheWrite > prompt ||
    (beside > 0 && beside === cached + cacheWrite && beside !== toldReasoning);
  const extra = isInputBeside ? 0 : beside > 0 ? beside : toldReasoning > completion ? toldReasoning : 0;
  return {
    input: prompt,
    uncachedInput: isInputBeside ? prompt : prompt - cached - cacheWrite,
    cachedInput: cached,
    cacheWrite,
    output: completion + extra,
    reasoning: Math.max(toldReasoning, extra),
    source: 'reported',
  };
}

const anthropic = z.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  output_tokens_details: z.looseObject({ thinking_tokens: tokens }).nullish().catch(null),
});

/**
 * The usage that Anthropic reports, from the first and the last event of a message in their order, whose counts are
 * cumulative; `null` where it reports none. Cached input is beside the input, reasoning inside of the output.
 */
export function anthropicUsage(reported: readonly unknown[]): ModelUsage | null {
  const parts = reported.map((each) => anthropic.safeParse(each).data).filter((each) => each !== undefined);
  // Servers that stand in for it say zero in the event that does not know yet, or not any more.
  const last = (of: (part: z.output<typeof anthropic>) => number | null | undefined): number | null =>
    parts.reduce<number | null>((before, part) => {
      const told = of(part) ?? null;
      return told === null || (told === 0 && before !== null) ? before : told;
    }, null);
  const input = last((part) => part.input_tokens);
  const output = last((part) => part.output_tokens);
  if (input === null || output === null) return null;
  const cachedInput = last((part) => part.cache_read_input_tokens) ?? 0;
  const cacheWrite = last((part) => part.cache_creation_input_tokens) ?? 0;
  if (input + output + cachedInput + cacheWrite === 0) return null;
  const thinking = last((part) => part.output_tokens_details?.thinking_tokens) ?? 0;
  return {
    input,
    uncachedInput: input,
    cachedInput,
    cacheWrite,
    output,
    reasoning: Math.min(thinking, output),
    source: 'reported',
  };
}

function difference(total: number | null | undefined, part: number | null | undefined): number | null {
  return typeof total === 'number' && typeof part === 'number' && total >= part ? total - part : null;
}
