import * as vscode from 'vscode';
import { CancelledError, resourceError, UserFacingError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { commandIds } from '../ids.ts';
import type { Offers } from '../offers/offers.ts';
import { remedyFor, showLog, type Remedy } from './remedies.ts';
import { safeWindow } from '../text/safeWindow.ts';

/** The one place where a failure becomes something a person sees. */
export class ErrorReporter {
  readonly #log: LoggerPort;
  #offers: Pick<Offers, 'aboutSelected'> | undefined;

  constructor(log: LoggerPort) {
    this.#log = log;
  }

  /** Binds buttons that write to the database that was selected when they were shown. */
  useOffers(offers: Pick<Offers, 'aboutSelected'>): void {
    this.#offers = offers;
  }

  /**
   * Shows what happened, the next step, and a button that takes it. A cancellation shows nothing;
   * what is not meant for a person goes to the log, and the message offers the log.
   */
  report(thrown: unknown): void {
    const error = resourceError(thrown) ?? thrown;
    if (error instanceof CancelledError) return;
    if (error instanceof UserFacingError) {
      this.#log.warn(`${error.code}: ${error.message}`);
      this.#show(`${error.message} ${error.nextStep}`, remedyFor(error.code));
      return;
    }
    this.#log.error('Unexpected failure', error);
    this.#show(`Something went wrong: ${error instanceof Error ? error.message : String(error)}`, showLog);
  }

  /** Reports the failure of work that nobody waits for. */
  watch(work: Thenable<unknown>): void {
    void work.then(undefined, (error: unknown) => this.report(error));
  }

  #show(message: string, remedy: Remedy | undefined): void {
    if (remedy === undefined) {
      this.watch(safeWindow.showErrorMessage(message));
      return;
    }
    const offer = remedy.writes === true ? this.#offers?.aboutSelected() : undefined;
    // Looked at when the button is pressed; until then nobody waits for it.
    offer?.catch(() => undefined);
    const choice = safeWindow.showErrorMessage(message, remedy.title);
    this.watch(
      choice.then(async (title) => {
        if (title === undefined) return;
        await (await offer)?.requireCurrent(title);
        await take(remedy);
      }),
    );
  }
}

function take({ command }: Remedy): Thenable<unknown> {
  return command.kind === 'ours'
    ? vscode.commands.executeCommand(commandIds[command.name])
    : vscode.commands.executeCommand(command.id, ...command.args);
}
