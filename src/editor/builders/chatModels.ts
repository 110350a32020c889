import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCompact } from '../../core/text/quantities.ts';
import { chatModelRef } from '../../protocol/followerProtocol.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';

const key = 'chatModel';
const stored = lazily(() => chatModelRef.extend({ name: z.string() }));

/** A model of the editor that a person chose, and how it is called. */
export type ChosenChatModel = Readonly<z.output<ReturnType<typeof stored>>>;

/** Remembers which of the editor's models builds phases: chosen once, on this machine. */
export class ChatModels {
  readonly #memento: vscode.Memento;

  /** The memento of all workspaces. */
  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get chosen(): ChosenChatModel | undefined {
    return stored().safeParse(this.#memento.get(key)).data;
  }

  /** The chosen model if it is there, else the one that is chosen now; `undefined` where the user leaves the question open. */
  async require(): Promise<ChosenChatModel | undefined> {
    const { chosen } = this;
    if (chosen !== undefined) {
      const { vendor, id } = chosen;
      const found = await vscode.lm.selectChatModels({ vendor, id });
      if (found.length > 0) return chosen;
    }
    return this.choose();
  }

  /** Asks which model to use, and remembers it. Fails with `no-executor` where the editor has none. */
  async choose(): Promise<ChosenChatModel | undefined> {
    const models = await vscode.lm.selectChatModels();
    if (models.length === 0) {
      throw new UserFacingError(
        'no-chat-model',
        t`This VS Code has no chat model.`,
        t`Sign in to GitHub Copilot or install another extension that provides one, or set up a model endpoint instead.`,
      );
    }
    const { chosen } = this;
    const items = models
      .map((model) => ({
        label: model.name,
        description: [model.vendor, model.id === model.name ? '' : model.id]
          .filter((part) => part !== '')
          .join(' · '),
        detail: [
          t`${formatCompact(model.maxInputTokens)} tokens of input at most`,
          ...(model.id === chosen?.id && model.vendor === chosen.vendor ? [t`current`] : []),
        ].join(' · '),
        model,
      }))
      .sort((a, b) => a.label.localeCompare(b.label));
    const picked = await safeWindow.showQuickPick(items, {
      title: t`Choose Chat Model`,
      placeHolder: t`Which model should write the files of phases?`,
      matchOnDescription: true,
    });
    if (picked === undefined) return undefined;
    const { vendor, id, name } = picked.model;
    const choice = { vendor, id, name };
    await this.#memento.update(key, choice);
    return choice;
  }
}

/** What the command below needs. */
export interface ChatModelsDeps {
  readonly chatModels: ChatModels;
  readonly errors: ErrorReporter;
  /** Makes the model what drains of this workspace use. */
  readonly onDidChoose: () => Promise<void>;
}

/** The command that chooses a model. */
export function registerChatModels({ chatModels, errors, onDidChoose }: ChatModelsDeps): vscode.Disposable {
  return registerCommand('chooseChatModel', errors, async () => {
    const chosen = await chatModels.choose();
    if (chosen === undefined) return;
    await onDidChoose();
    const drain = t`Drain…`;
    const message = t`${chosen.name} builds phases that are drained with the vscode executor. Its samples are counted here, and never count for a calibration.`;
    const shown = safeWindow.showInformationMessage(message, drain);
    errors.watch(
      shown.then(async (pressed) => {
        if (pressed === drain) await executeCommand('drain');
      }),
    );
  });
}
