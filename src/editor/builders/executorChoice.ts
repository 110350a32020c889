import type * as vscode from 'vscode';
import type { EndpointSettings } from '../../core/builders/endpointSettings.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { findEndpoint } from '../../node/builders/findEndpoint.ts';
import type { executorNames } from '../../node/drain/chooseExecutor.ts';
import { readSetting } from '../settings.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { ChatModels } from './chatModels.ts';
import { editorEndpointRequest, type EndpointKeys } from './endpointKeys.ts';

const key = 'executor';

/** The name of an executor. */
export type ExecutorName = (typeof executorNames)[number];

/** What choosing an executor needs. */
export interface ExecutorChoiceDeps {
  /** The memento of the workspace. */
  readonly memento: vscode.Memento;
  readonly keys: EndpointKeys;
  readonly chatModels: ChatModels;
}

/** Which executor drains of this workspace use: the one that the setting names, else the one that was chosen last. */
export class ExecutorChoice {
  readonly #deps: ExecutorChoiceDeps;

  constructor(deps: ExecutorChoiceDeps) {
    this.#deps = deps;
  }

  /** What drains of a folder use, unless something else is chosen for one. */
  async nameFor(folder: vscode.WorkspaceFolder): Promise<string> {
    const setting = readSetting('drain.executor', folder);
    if (setting !== 'auto') return setting;
    const { executorNameFor, executorNames } = await import('../../node/drain/chooseExecutor.ts');
    const stored = this.#deps.memento.get(key);
    const chosen = executorNames.find((name) => name === stored);
    if (chosen !== undefined) return chosen;
    const usual = await executorNameFor(undefined, folder.uri.fsPath);
    return usual === 'example' && (await this.endpoint()) !== null ? 'endpoint' : usual;
  }

  async remember(name: ExecutorName): Promise<void> {
    await this.#deps.memento.update(key, name);
  }

  /** The endpoint that is set up. Fails with `no-endpoint` where none is, and as `findEndpoint` does. */
  async requireEndpoint(): Promise<EndpointSettings> {
    return findEndpoint(editorEndpointRequest(this.#deps.keys));
  }

  /** The endpoint that is set up; `null` where none is, or what is set up cannot be used. */
  async endpoint(): Promise<EndpointSettings | null> {
    try {
      return await this.requireEndpoint();
    } catch (error) {
      if (error instanceof UserFacingError) return null;
      throw error;
    }
  }

  /** Asks for the executor of a drain in a folder (absolute); `undefined` where the user leaves the question open. */
  async ask(
    current: string,
    workspaceFolder: string,
    title = t`Change Executor`,
  ): Promise<ExecutorName | undefined> {
    const { executorNameFor } = await import('../../node/drain/chooseExecutor.ts');
    const hasScript = (await executorNameFor(undefined, workspaceFolder)) === 'autopack';
    const endpoint = await this.endpoint();
    const chatModel = this.#deps.chatModels.chosen;
    const items = [
      ...(hasScript
        ? [
            {
              name: 'autopack' as const,
              description: t`the project's own script, which calls language models`,
            },
          ]
        : []),
      {
        name: 'endpoint' as const,
        description:
          endpoint === null
            ? t`a model behind an endpoint: not set up yet`
            : t`${endpoint.model} at ${new URL(endpoint.baseUrl).host}`,
      },
      {
        name: 'vscode' as const,
        description:
          chatModel === undefined
            ? t`one of VS Code's own models: none chosen yet`
            : t`${chatModel.name} of VS Code`,
      },
      { name: 'example' as const, description: t`recorded answers: no model is called` },
    ];
    const picked = await safeWindow.showQuickPick(
      items.map((item) => ({ ...item, label: item.name, detail: item.name === current ? t`current` : '' })),
      { title, placeHolder: t`What should execute the phases?` },
    );
    return picked?.name;
  }
}
