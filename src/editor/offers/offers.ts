import type * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { joinLines } from '../../core/text/printable.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { confirmByName, editorRequirement, type OfferedWrite } from './confirmByName.ts';
import { basisChange, offerExpired, offeredContent, offerSubject, type OfferBasis } from './offerBasis.ts';

/** What making offers needs. */
export interface OffersDeps {
  readonly reader: DatabaseReader;
  readonly selected: Pick<SelectedDatabase, 'path' | 'onDidChange'>;
  /** Where a local file really lies: its own path where it is unknown. */
  readonly realPath: (path: string) => Promise<string>;
}

/** A message with buttons of which some write. */
export interface OfferQuestion {
  readonly severity: 'information' | 'warning' | 'error';
  readonly message: string;
  /**
   * Of a dialog, which then names the database below it; a notification without it. Lines, each of which stays one
   * whatever name is in it.
   */
  readonly detail?: readonly string[];
  /** In their order; the first is what Enter presses in a dialog. */
  readonly buttons: readonly string[];
  /** Those that write nothing, and hold whatever has changed. */
  readonly harmless?: readonly string[];
  /** What the other buttons write at once: then the protection of the database says what that takes besides. */
  readonly write?: OfferedWrite;
}

/**
 * Makes every offer to write, be it a dialog, a notification or a document: each is bound to the selection, the
 * identity and the counts it was made for, and void when one of them changes.
 */
export class Offers {
  readonly #deps: OffersDeps;

  constructor(deps: OffersDeps) {
    this.#deps = deps;
  }

  /**
   * Begins an offer about the selected database as it is now; read what the question shows after that. `path` is
   * absolute, and what a command began with: if another one is selected by now, the offer is void from the beginning.
   */
  about(path: string): Promise<Offer> {
    return this.#offer(path, true);
  }

  /** The same about a database that is not selected yet. */
  aboutNew(path: string): Promise<Offer> {
    return this.#offer(path, false);
  }

  /** The same about the selected database; `undefined` without one. */
  async aboutSelected(): Promise<Offer | undefined> {
    const { path } = this.#deps.selected;
    return path === undefined ? undefined : this.about(path);
  }

  /** For what only reads: rejects with `changed` where another database is selected than the absolute `path`. */
  async requireSelected(path: string, action: string): Promise<void> {
    const { selected } = this.#deps;
    const [real, chosen] = await Promise.all([this.#realPath(path), this.#realPath(selected.path ?? '')]);
    if (real === chosen) return;
    const change =
      selected.path === undefined
        ? t`no database is selected, and this was about ${databaseName(real)}`
        : t`${databaseName(chosen)} is selected now, and this was about ${databaseName(real)}`;
    throw offerExpired(action, change);
  }

  async #offer(path: string, isOfSelection: boolean): Promise<Offer> {
    const read = async (): Promise<OfferBasis> => ({ ...(await this.#read(path)), isOfSelection });
    return new Offer(await read(), read, this.#deps.selected);
  }

  async #read(path: string): Promise<Omit<OfferBasis, 'isOfSelection'>> {
    const { reader, selected } = this.#deps;
    const chosen = selected.path === undefined ? null : await this.#realPath(selected.path);
    try {
      const { value: fingerprint } = await reader.request(path, 'databaseFingerprint', { runIds: [] });
      const { value: runs } = await reader.request(path, 'listRuns', null);
      return { selected: chosen, path: fingerprint.path, content: offeredContent(fingerprint, runs) };
    } catch (error) {
      // Whoever writes it now will be done in a moment: that is no other database.
      if (!(error instanceof UserFacingError) || transient.has(error.code)) throw error;
      return {
        selected: chosen,
        path: await this.#realPath(path),
        content: { kind: 'problem', code: error.code },
      };
    }
  }

  async #realPath(path: string): Promise<string> {
    return isVirtualPath(path) ? path : this.#deps.realPath(path);
  }
}

const transient: ReadonlySet<string> = new Set(['busy', 'locked', 'cancelled']);

/** An offer to write into one database as it was when the offer was made. */
export class Offer {
  readonly basis: OfferBasis;
  readonly #read: () => Promise<OfferBasis>;
  readonly #selected: OffersDeps['selected'];

  constructor(basis: OfferBasis, read: () => Promise<OfferBasis>, selected: OffersDeps['selected']) {
    this.basis = basis;
    this.#read = read;
    this.#selected = selected;
  }

  /** Whether it is about the database that was selected when it was made. */
  get isSelected(): boolean {
    return this.basis.selected === this.basis.path;
  }

  /** Which database it is about: name and role, then the path. */
  get subject(): string {
    return offerSubject(this.basis);
  }

  /** Shows the message and gives the pressed button. Rejects with `changed` where that one writes and the offer is void. */
  async ask({
    severity,
    message,
    detail,
    buttons,
    harmless = [],
    write,
  }: OfferQuestion): Promise<string | undefined> {
    const [only, ...others] = buttons;
    // An open database is not asked about for a single row.
    const needsNone = write !== undefined && editorRequirement(this.basis, write, 'none') === 'nothing';
    if (needsNone && only !== undefined && others.length === 0) return only;
    const show = shows[severity];
    const options =
      detail === undefined
        ? {}
        : { modal: true, detail: [joinLines(detail), this.subject].join('\n\n').trim() };
    const pressed = await show(message, options, ...buttons);
    if (pressed === undefined || harmless.includes(pressed)) return pressed;
    await this.requireCurrent(pressed);
    return write === undefined || (await this.confirm(write, pressed)) ? pressed : undefined;
  }

  /**
   * Asks for what the protection of the database wants besides a yes, in the words of the pressed button; returns whether to
   * go ahead. Rejects with `changed` where the offer does not hold any more then, and with `protected`.
   */
  async confirm(write: OfferedWrite, action: string): Promise<boolean> {
    if (editorRequirement(this.basis, write, 'yes') === 'nothing') return true;
    if (!(await confirmByName(this.basis, write, action))) return false;
    await this.requireCurrent(action);
    return true;
  }

  /** Rejects with `changed` where the offer no longer holds; `action` is what was to be done, as its button says it. */
  async requireCurrent(action: string): Promise<void> {
    const change = await this.change();
    if (change !== null) throw offerExpired(action, change);
  }

  /** Why the offer no longer holds, as a part of a sentence; `null` while it does. */
  async change(): Promise<string | null> {
    return basisChange(this.basis, await this.#read());
  }

  /** Calls back once, when the offer no longer holds, while it stands open. */
  onDidExpire(listener: (change: string) => void): DisposableStore {
    const store = new DisposableStore();
    let isOpen = true;
    store.add({
      dispose: () => {
        isOpen = false;
      },
    });
    const look = new CoalescedTask(async () => {
      // A database that is being written is looked at again with its next state.
      const change = await this.change().catch(() => null);
      if (change === null || !isOpen) return;
      store.dispose();
      listener(change);
    });
    store.add(this.#selected.onDidChange(() => void look.run()));
    return store;
  }
}

const shows = {
  information: (message: string, options: vscode.MessageOptions, ...buttons: readonly string[]) =>
    safeWindow.showInformationMessage(message, options, ...buttons),
  warning: (message: string, options: vscode.MessageOptions, ...buttons: readonly string[]) =>
    safeWindow.showWarningMessage(message, options, ...buttons),
  error: (message: string, options: vscode.MessageOptions, ...buttons: readonly string[]) =>
    safeWindow.showErrorMessage(message, options, ...buttons),
} as const;
