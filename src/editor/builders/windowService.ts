import type { FollowerService } from '../../node/drain/followerService.ts';
import type { CallChatModelDeps } from './callChatModel.ts';
import type { Proposals } from './proposals.ts';

/** What serving a drain needs. */
export interface WindowServiceDeps extends CallChatModelDeps {
  readonly proposals: Proposals;
}

/** What this window serves the drain of a database: a person's decisions, and calls of the editor's models. */
export function windowService(databasePath: string, deps: WindowServiceDeps): FollowerService {
  return {
    kinds: ['approve', 'model-call'],
    async serve(request, signal, onText) {
      switch (request.kind) {
        case 'approve':
          return deps.proposals.decide(request.proposal, databasePath, signal);
        case 'model-call':
          return (await import('./callChatModel.ts')).callChatModel(
            request.model,
            request.request,
            deps,
            signal,
            onText,
          );
      }
    },
  };
}
