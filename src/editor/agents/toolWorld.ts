import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { ToolWorld } from '../../node/agentTools/agentTool.ts';
import { ContentCounts } from '../../node/agentTools/contentCounts.ts';
import { ServerChecks } from '../../node/agentTools/serverChecks.ts';
import { chooseExecutor } from '../../node/drain/chooseExecutor.ts';
import type { DescribedExecutor } from '../../node/drain/executors.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import { executorSettings } from '../drains/resolveDrainExecutor.ts';
import { settingSources } from '../identity/settingSources.ts';
import { readSetting } from '../settings.ts';
import { localFolders, requireTrust } from '../window/workspaceFolders.ts';
import type { AgentToolsDeps } from './registerAgentTools.ts';

/** What the tools work in: the selected database, and what the settings and folders of this window say. */
export function toolWorld({
  reader,
  factsReader,
  clock,
  selected,
  apiKeys,
  terminals,
  ...choosing
}: AgentToolsDeps): ToolWorld {
  return {
    reader,
    counts: new ContentCounts(factsReader),
    clock,
    databasePath: () => selected.path ?? null,
    howToSelect:
      'A human runs "Autopack: Select Database" in VS Code, or clicks the database in the status bar.',
    // What an untrusted folder names, a `.env` or a past drain, is not looked at.
    workspaceFolders: () => (vscode.workspace.isTrusted ? localFolders().map(({ uri }) => uri.fsPath) : []),
    guardFolder: (path) => (vscode.workspace.isTrusted && !isVirtualPath(path) ? guardFolder(path) : null),
    namedElsewhere() {
      const { others, dotenvFiles } = settingSources();
      return { others: [...others, ...terminals()], dotenvFiles, seesSettings: true };
    },
    apiUrls: () => readSetting('apiServers'),
    apiKeyFor: (address) => apiKeys.keyFor(address),
    servers: new ServerChecks(),
    // Each call that writes brings its own.
    writes: null,
    get environment() {
      return { ...process.env, ...readSetting('drain.environment') };
    },
    executorFor: (workspaceFolder) => executorFor(workspaceFolder, choosing),
  };
}

/** The executor that a drain would use. Nobody is asked for what is not chosen yet. */
async function executorFor(
  workspaceFolder: string,
  deps: Pick<AgentToolsDeps, 'builders' | 'examplePath' | 'estimatorPath'>,
): Promise<DescribedExecutor> {
  requireTrust(t`Choosing an executor`);
  const folder = localFolders().find(({ uri }) => uri.fsPath === workspaceFolder);
  if (folder === undefined) {
    const nextStep = t`Open the folder of the project, then try again.`;
    throw new UserFacingError('not-found', t`${workspaceFolder} is not open any more.`, nextStep);
  }
  const { executors, chatModels } = deps.builders;
  const { chosen } = chatModels;
  return chooseExecutor({
    ...executorSettings(folder, deps),
    name: await executors.nameFor(folder),
    endpoint: () => executors.requireEndpoint(),
    chatModel: chosen === undefined ? undefined : { vendor: chosen.vendor, id: chosen.id },
  });
}
