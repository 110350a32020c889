import * as z from 'zod';
import { deserializeError } from '../core/errors.ts';
import { printedError } from '../protocol/serializedError.ts';
import type { CommandContext } from './commandContext.ts';
import { runForJson } from './runForJson.ts';
import type { WriteProposal } from '../node/agentTools/agentTool.ts';
import { useApproval } from './useApproval.ts';

const printed = z.union([
  printedError,
  z.object({
    ...{ sessionId: z.string(), processed: z.number(), succeeded: z.number(), failed: z.number() },
    ...{ timedOut: z.number(), telemetryEvents: z.number(), nextStep: z.string() },
    stop: z.object({ kind: z.string(), message: z.string() }),
  }),
]);

/**
 * Drains over MCP by the command itself (its arguments, without the program's own name), which takes the approval of a
 * human whatever the protection of the database. Throws what the command ends with.
 */
export async function drainByCommand(
  args: readonly string[],
  context: CommandContext,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const either = AbortSignal.any([signal, context.signal]);
  const text = await runForJson(args, context, { signal: either, isTool: true });
  const answer = printed.parse(JSON.parse(text));
  if (!('error' in answer)) return answer;
  throw deserializeError(answer.error);
}

/**
 * Uses up the approval that a human gave to a write that an agent wants over MCP, whatever the protection of the database:
 * nobody can know there whether the client asked anyone. Throws `needs-approval`, with what a human must do.
 */
export function requireApproval(
  { operation, path, expected, question, rows, params, command }: WriteProposal,
  context: CommandContext,
): Promise<void> {
  // Its command takes the approval itself, see `drainByCommand`.
  if (operation === 'drain') return Promise.resolve();
  const details = { question, rows, params };
  return useApproval(
    { operation, path, database: expected, details: () => details },
    details,
    {},
    { ...context, args: command, isTool: true },
  );
}
