import { homedir } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { ClockPort } from '../../core/ports.ts';
import {
  applyCalibration,
  type StoredCalibration,
} from '../../core/telemetry/calibration/calibrationFile.ts';
import type { CalibrationResult } from '../../core/telemetry/calibration/calibrationProposal.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseFolder } from '../../core/db/databaseName.ts';
import { readPriceLists } from '../../node/system/priceLists.ts';
import { readEstimator, replaceEstimator, writeCalibration } from '../../node/telemetry/calibrationFiles.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { PageCalibration, TelemetryHostBody } from '../../protocol/telemetryProtocol.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { Offers, Offer } from '../offers/offers.ts';
import { readSetting } from '../settings.ts';
import { showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust, folderOf, localFolders } from '../window/workspaceFolders.ts';
import { applyingDetail } from './telemetryTexts.ts';
import type { ChosenEstimator } from './chosenEstimator.ts';
import type { CalibrationProposals } from './telemetryParts.ts';

/** What working out, writing and applying proposals needs. */
export interface ProposalControllerDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly clock: ClockPort;
  readonly estimator: ChosenEstimator;
  readonly offers: Offers;
  /** Sends to the page. */
  readonly send: (body: TelemetryHostBody) => void;
}

/** A proposal, and what it was worked out from. */
interface Proposal {
  readonly database: string;
  /** The committed state of the database. */
  readonly state: string;
  readonly result: CalibrationResult;
  /** The estimator's file; `null` for Autopack's own coefficients. */
  readonly estimator: string | null;
}

/** Proposals that are written to files of this machine. */
export class ProposalController implements CalibrationProposals {
  readonly #deps: ProposalControllerDeps;
  #proposal: Proposal | undefined;

  constructor(deps: ProposalControllerDeps) {
    this.#deps = deps;
  }

  async workOut(
    database: string,
    anyRole: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly state: string; readonly value: PageCalibration }> {
    this.#proposal = undefined;
    const { path } = this.#deps.estimator;
    const estimator = path === null ? {} : { estimator: await this.#deps.estimator.read() };
    const own = readSetting('builder.pricesFile');
    const prices = await readPriceLists(own === '' ? null : own);
    const options = { anyRole, prices, ...estimator };
    const { value: result, version } = await this.#deps.reader.request(
      database,
      'calibration',
      options,
      signal,
    );
    this.#proposal = { database, state: version.token, result, estimator: path };
    return { state: version.token, value: pageCalibration(result, path) };
  }

  trustGranted(): void {
    if (this.#proposal === undefined) return;
    const { state, result, estimator } = this.#proposal;
    const value = pageCalibration(result, estimator);
    this.#deps.send({ kind: 'calibration', state, outcome: { kind: 'known', value } });
  }

  async write(state: string): Promise<void> {
    requireTrust(t`Writing a proposal`);
    const { database, result, estimator } = this.#require(state);
    const folder = await folderForProposal(database);
    if (folder === undefined) return;
    await this.#requireUnchanged(database, state);
    const generatedAt = this.#deps.clock.now();
    const origin = { databaseUrl: formatDatabaseUrl(database), generatedAt, estimator };
    const { markdown } = await writeCalibration(folder, result, origin);
    await showReadOnlyDocument(vscode.Uri.file(markdown), false);
  }

  async apply(state: string): Promise<void> {
    requireTrust(t`Applying a proposal`);
    const { database, result, estimator } = this.#require(state);
    const path = estimator ?? (await this.#deps.estimator.ask());
    if (path === undefined) return;
    const proposal = stored(result);
    applyCalibration(await readEstimator(path), proposal);
    const offer = await this.#deps.offers.about(database);
    // A person may have taken their time to choose the file.
    await this.#requireUnchanged(database, state);
    if (!(await confirmApplying(path, result, offer))) return;
    await this.#requireUnchanged(database, state);
    // What the file holds now counts, not what it held while the question stood.
    const changed = applyCalibration(await readEstimator(path), proposal);
    const kept = await replaceEstimator(path, changed, this.#deps.clock.now());
    this.#deps.send({ kind: 'applied', state, estimator: path, kept });
    await notifyApplied(path, kept);
  }

  chooseEstimator(): Promise<boolean> {
    return this.#deps.estimator.choose();
  }

  #require(state: string): Proposal {
    const proposal = this.#proposal;
    if (proposal?.state === state && proposal.database === this.#deps.selected.path) return proposal;
    throw outdated();
  }

  async #requireUnchanged(database: string, state: string): Promise<void> {
    const { version } = await this.#deps.reader.request(database, 'version', null);
    if (version.token !== state || this.#deps.selected.path !== database) throw outdated();
  }
}

function pageCalibration(result: CalibrationResult, path: string | null): PageCalibration {
  const estimator = path === null ? null : { fileName: basename(path), path };
  return { result, estimator, trusted: vscode.workspace.isTrusted };
}

function outdated(): UserFacingError {
  return new UserFacingError(
    'changed',
    t`The database or the selection has changed since this proposal was made.`,
    t`Review the current proposal.`,
  );
}

/** What would be read back from its file. */
function stored({ verdict, reasons, coefficients }: CalibrationResult): StoredCalibration {
  const changes = coefficients.map(({ path, before, after }) => ({ path: [...path], before, after }));
  return { version: 1, verdict, reasons: [...reasons], coefficients: changes };
}

/** Asks whether a proposal is to be applied, with what changes and what that did to phases not seen before. */
async function confirmApplying(path: string, result: CalibrationResult, offer: Offer): Promise<boolean> {
  const apply = t`Apply`;
  const message = t`Apply the proposal to ${basename(path)}?`;
  const detail = applyingDetail(path, result);
  return (await offer.ask({ severity: 'warning', message, detail, buttons: [apply] })) === apply;
}

/** Says that a proposal was applied, and offers to look at what changed. */
async function notifyApplied(path: string, kept: string): Promise<void> {
  const show = t`Show Changes`;
  const words = t`Applied to ${basename(path)}. The old coefficients: ${basename(kept)}.`;
  if ((await safeWindow.showInformationMessage(words, show)) !== show) return;
  const title = t`${basename(path)}: before and after the proposal`;
  await vscode.commands.executeCommand('vscode.diff', vscode.Uri.file(kept), vscode.Uri.file(path), title);
}

/** Asks into which folder a proposal is written, beginning in the workspace; absolute, `undefined` for none. */
async function folderForProposal(database: string): Promise<string | undefined> {
  const start =
    (folderOf(database) ?? localFolders()[0])?.uri.fsPath ?? databaseFolder(database) ?? homedir();
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: t`Write the Proposal`,
      openLabel: t`Write Here`,
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: vscode.Uri.file(start),
    })) ?? [];
  if (folder === undefined || folder.scheme === 'file') return folder?.fsPath;
  throw new UserFacingError(
    'invalid-argument',
    t`The proposal cannot be written there.`,
    t`Choose a folder on the machine where the extension runs.`,
  );
}
