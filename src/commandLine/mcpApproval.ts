import type { WriteProposal } from '../node/agentTools/agentTool.ts';
import type { CommandContext } from './commandContext.ts';
import { useApproval } from './useApproval.ts';

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
