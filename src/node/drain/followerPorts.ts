import { createHash } from 'node:crypto';
import { ModelError, type ModelPort } from '../../core/builders/modelPort.ts';
import { endedUsage } from '../../core/builders/modelUsage.ts';
import type { PersonPort, ProposedFiles } from '../../core/model/executionHost.ts';
import type { ChatModelRef } from '../../protocol/followerProtocol.ts';
import type { FollowerRequests } from './followerRequests.ts';

/** SHA-256 of all that a person is shown: by it a decision holds for exactly that. Hexadecimal. */
export function proposalDigest({ key, files }: ProposedFiles): string {
  const parts = [
    key.runId,
    key.phaseId,
    ...files.flatMap(({ path, before, after }) => [path, before, after]),
  ];
  // As JSON, since text may hold halves of characters, which UTF-8 cannot tell apart.
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The person at a window that follows the drain. */
export function followerPerson(requests: FollowerRequests): PersonPort {
  return {
    async approve(proposal, signal) {
      const outcome = await requests.ask({ kind: 'approve', proposal }, signal);
      if (outcome.kind !== 'decision') return 'absent';
      // Of something else than what would be written: no decision at all.
      return outcome.digest === proposalDigest(proposal) ? outcome.decision : 'absent';
    },
  };
}

/** A model of the editor, called by a window that follows the drain. */
export function followerModel(requests: FollowerRequests, model: ChatModelRef): ModelPort {
  return {
    provider: 'vscode',
    model: model.id,
    async call(request, signal, onOutput) {
      let text = '';
      const outcome = await requests.ask({ kind: 'model-call', model, request }, signal, (piece) => {
        text += piece;
        onOutput(piece);
      });
      switch (outcome.kind) {
        case 'model-reply':
          return { text, usage: outcome.usage, stopReason: null };
        case 'model-error':
          throw new ModelError(outcome.error, outcome.message, { usage: outcome.usage });
        case 'left':
          throw new ModelError('disconnected', 'The window that called the model has gone.', {
            usage: text === '' ? null : endedUsage(request, text),
          });
        case 'absent':
        case 'unable':
        case 'decision':
          throw new ModelError(
            'unreachable',
            "No VS Code window is open that can call the editor's model. Open the folder of the drain in VS Code, then resume it.",
          );
      }
    },
  };
}
