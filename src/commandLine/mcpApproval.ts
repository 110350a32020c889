import { UserFacingError } from '../core/errors.ts';
import { readOnlyRefused, writeNames } from '../core/identity/protection.ts';
import { shellCommand } from '../core/text/shellCommand.ts';
import type { WriteProposal } from '../node/agentTools/agentTool.ts';
import { nativeShell } from './guardOptions.ts';

/** Over MCP nobody can know whether a human agreed, whatever the client says: throws what a human must do instead. */
export function requireApproval({ operation, path, expected, command }: WriteProposal): Promise<void> {
  if (expected.level === 'read-only') return Promise.reject(readOnlyRefused(writeNames[operation], path));
  const typed = shellCommand(['autopack-hygiene', ...command], nativeShell);
  return Promise.reject(
    new UserFacingError(
      'needs-approval',
      `${writeNames[operation]} is refused: over MCP, no person can be asked.`,
      `Ask a person to run it at a terminal of their own: ${typed}`,
    ),
  );
}
