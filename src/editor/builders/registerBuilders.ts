import type * as vscode from 'vscode';
import type { FollowerService } from '../../node/drain/followerService.ts';
import { registerCommands } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { ChatModels, registerChatModels } from './chatModels.ts';
import { EndpointKeys } from './endpointKeys.ts';
import { ExecutorChoice } from './executorChoice.ts';
import { ProposalDocuments } from './proposalDocuments.ts';
import { Proposals } from './proposals.ts';
import { registerWorkspaceChoices, WorkspaceChoice } from './workspaceChoices.ts';
import type { CallChatModelDeps } from './callChatModel.ts';

/** What the built-in builders need of the window. */
export interface BuildersDeps {
  readonly context: Pick<
    vscode.ExtensionContext,
    'globalState' | 'workspaceState' | 'secrets' | 'languageModelAccessInformation'
  >;
  readonly errors: ErrorReporter;
}

/** What the drains need of the built-in builders. */
export interface Builders {
  /** All that is registered for them. */
  readonly registered: DisposableStore;
  readonly documents: ProposalDocuments;
  readonly proposals: Proposals;
  readonly handsOff: WorkspaceChoice;
  readonly runsPhaseTests: WorkspaceChoice;
  readonly keys: EndpointKeys;
  readonly chatModels: ChatModels;
  readonly executors: ExecutorChoice;
  /** What this window serves the drain of a database; absolute and real. */
  readonly serviceOf: (databasePath: string) => FollowerService;
}

/** What phases are built with in the editor: models, the approval of what they write, and the commands for both. */
export function registerBuilders({ context, errors }: BuildersDeps): Builders {
  const store = new DisposableStore();
  const documents = store.add(new ProposalDocuments());
  const proposals = store.add(new Proposals(documents, errors));
  const handsOff = store.add(new WorkspaceChoice(context.workspaceState, 'handsOff'));
  const runsPhaseTests = store.add(new WorkspaceChoice(context.workspaceState, 'runsPhaseTests'));
  store.add(registerWorkspaceChoices({ handsOff, runsPhaseTests, errors }));
  const chatModels = new ChatModels(context.globalState);
  const keys = new EndpointKeys(context.secrets);
  const executors = new ExecutorChoice({ memento: context.workspaceState, keys, chatModels });
  store.add(registerChatModels({ chatModels, errors, onDidChoose: () => executors.remember('vscode') }));
  const onDidSetUp = (): Promise<void> => executors.remember('endpoint');
  store.add(
    registerCommands(['setUpEndpoint'], errors, async () =>
      (await import('./setUpEndpoint.ts')).setUpEndpointCommand({ keys, errors, onDidSetUp }),
    ),
  );
  const serving = { proposals, access: context.languageModelAccessInformation };
  return {
    registered: store,
    documents,
    proposals,
    handsOff,
    runsPhaseTests,
    keys,
    chatModels,
    executors,
    serviceOf: (databasePath) => windowService(databasePath, serving),
  };
}

/** What this window serves the drain of a database: a person's decisions, and calls of the editor's models. */
function windowService(
  databasePath: string,
  deps: CallChatModelDeps & { readonly proposals: Proposals },
): FollowerService {
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
