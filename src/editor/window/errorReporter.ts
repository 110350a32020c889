import * as vscode from 'vscode';
import { CancelledError, resourceError, UserFacingError, type ErrorCode } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { commandIds, type CommandName } from '../ids.ts';
import { safeWindow } from './safeWindow.ts';

/** What voids an action when another database is selected before it is taken. */
interface SelectionOffers {
  aboutSelected(): Promise<{ requireCurrent(action: string): Promise<void> } | undefined>;
}

/** The one place where a failure becomes something a person sees. */
export class ErrorReporter {
  readonly #log: LoggerPort;
  #offers: SelectionOffers | undefined;

  constructor(log: LoggerPort) {
    this.#log = log;
  }

  /** Binds buttons that write to the database that was selected when they were shown. */
  useOffers(offers: SelectionOffers): void {
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
      this.note(error);
      this.#show(`${error.message} ${error.nextStep}`, errorActionOf(error.code));
      return;
    }
    this.#log.error('Unexpected failure', error);
    this.#show(t`Something went wrong: ${error instanceof Error ? error.message : String(error)}`, showLog());
  }

  /** Puts a failure into the log that is shown elsewhere. */
  note({ code, message }: UserFacingError): void {
    this.#log.warn(`${code}: ${message}`);
  }

  /** Reports the failure of work that nobody waits for. */
  watch(work: Thenable<unknown>): void {
    void work.then(undefined, (error: unknown) => this.report(error));
  }

  #show(message: string, action: ErrorAction | undefined): void {
    if (action === undefined) {
      this.watch(safeWindow.showErrorMessage(message));
      return;
    }
    const offer = action.writes === true ? this.#offers?.aboutSelected() : undefined;
    // Looked at when the button is pressed; until then nobody waits for it.
    offer?.catch(() => undefined);
    const choice = safeWindow.showErrorMessage(message, action.title);
    this.watch(
      choice.then(async (title) => {
        if (title === undefined) return;
        await (await offer)?.requireCurrent(title);
        await take(action);
      }),
    );
  }
}

function take({ command }: ErrorAction): Thenable<unknown> {
  return command.kind === 'ours'
    ? vscode.commands.executeCommand(commandIds[command.name])
    : vscode.commands.executeCommand(command.id, ...command.args);
}

/** A button under a message: its title, and the command of ours or of VS Code that it runs. */
interface ErrorAction {
  readonly title: string;
  /** It leads to a write into the selected database, and holds for that one alone. */
  readonly writes?: boolean;
  readonly command:
    | { readonly kind: 'ours'; readonly name: CommandName }
    | { readonly kind: 'editor'; readonly id: string; readonly args: readonly unknown[] };
}

const ours = (title: string, name: CommandName): ErrorAction => ({ title, command: { kind: 'ours', name } });
const selectDatabase = () => ours(t`Select Database`, 'selectDatabase');
const checkIdentity = () => ours(t`Check Identity`, 'checkIdentity');
const showIssues = () => ours(t`Show Issues`, 'showIdentity');
const refresh = () => ours(t`Try Again`, 'refresh');
const openSetting = (title: string, setting: string): ErrorAction => ({
  title,
  command: { kind: 'editor', id: 'workbench.action.openSettings', args: [setting] },
});

/** The button for what was not meant to happen. */
const showLog = () => ours(t`Show Log`, 'showLog');

const errorActions = (): Readonly<Partial<Record<ErrorCode, ErrorAction>>> => ({
  'no-database': selectDatabase(),
  'not-found': selectDatabase(),
  'not-a-file': selectDatabase(),
  'not-sqlite': selectDatabase(),
  'not-autopack': selectDatabase(),
  corrupt: selectDatabase(),
  'invalid-url': selectDatabase(),
  replaced: checkIdentity(),
  changed: checkIdentity(),
  'wrong-role': ours(t`Create Telemetry Seed Database`, 'createSeedDatabase'),
  'not-adopted': { ...ours(t`Adopt Database`, 'adoptDatabase'), writes: true },
  'other-database': showIssues(),
  'which-file': showIssues(),
  'unreadable-pins': showIssues(),
  'empty-database': { ...ours(t`Seed Telemetry Run`, 'seedRun'), writes: true },
  'no-telemetry-table': checkIdentity(),
  'unknown-run': refresh(),
  'unknown-phase': refresh(),
  busy: refresh(),
  'read-only': ours(t`Connect to PostgreSQL…`, 'connectPostgres'),
  'no-interpreter': openSetting(t`Choose Interpreter`, 'autopackHygiene.pythonInterpreter'),
  'no-endpoint': ours(t`Set Up Model Endpoint`, 'setUpEndpoint'),
  'no-chat-model': ours(t`Set Up Model Endpoint`, 'setUpEndpoint'),
  'no-executor': openSetting(t`Choose Executor`, 'autopackHygiene.drain.executor'),
  'untrusted-workspace': {
    title: t`Manage Workspace Trust`,
    command: { kind: 'editor', id: 'workbench.trust.manage', args: [] },
  },
});

/** The button that takes the next step of an error, if one command can. */
function errorActionOf(code: ErrorCode): ErrorAction | undefined {
  return errorActions()[code];
}
