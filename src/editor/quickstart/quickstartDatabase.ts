import { existsSync } from 'node:fs';
import { basename, dirname, join, parse } from 'node:path';
import { quickstartStage } from '../../core/seed/quickstartStage.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { isVirtualPath } from '../database/virtualPaths.ts';
import type { Offers } from '../offers/offers.ts';
import {
  askSeedPath,
  makeSeedDatabase,
  usualSeedName,
  type NewSeedDatabaseDeps,
} from '../seed/newSeedDatabase.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import { nextStepLabel, standingLabel, type QuickstartStanding } from './quickstartTexts.ts';

/** What choosing the database of a quickstart needs. */
export interface QuickstartDatabaseDeps extends NewSeedDatabaseDeps {
  readonly selected: SelectedDatabase;
  readonly offers: Offers;
}

/** Where a seed database stands now. */
export async function readStanding(path: string, reader: DatabaseReader): Promise<QuickstartStanding> {
  const { value: facts } = await reader.request(path, 'identity', null);
  const { coverage } = (await reader.request(path, 'coverage', null)).value;
  const { phases } = coverage;
  return { stage: quickstartStage(facts, phases), phaseStates: facts.phaseStates, phases };
}

/**
 * The database to go on with: the selected one where it is a seed database and the user wants it, else a new one, which is
 * then selected. Its absolute path; `undefined` where the user leaves a question open.
 */
export async function chooseQuickstartDatabase(deps: QuickstartDatabaseDeps): Promise<string | undefined> {
  const { selected, offers, reader } = deps;
  const { state } = selected;
  const isSeed = state.kind === 'ready' && state.facts.role === 'seed' && !isVirtualPath(state.path);
  if (!isSeed) return createDatabase(deps);
  const { path } = state;
  const offer = await offers.about(path);
  const standing = await readStanding(path, reader);
  const goOn = {
    label: t`Continue with ${databaseName(path)}`,
    description: standingLabel(standing),
    detail: nextStepLabel(standing),
  };
  const anew = { label: t`Create a New Database…`, detail: t`The selected one stays as it is` };
  const picked = await safeWindow.showQuickPick([goOn, anew], {
    title: t`Quickstart`,
    placeHolder: t`Where do you want to start?`,
  });
  if (picked === undefined) return undefined;
  if (picked === anew) return createDatabase(deps);
  await offer.requireCurrent(t`Quickstart`);
  return path;
}

async function createDatabase(deps: QuickstartDatabaseDeps): Promise<string | undefined> {
  const path = await askFreePath();
  if (path === undefined) return undefined;
  await makeSeedDatabase(path, deps);
  await deps.selected.select(path);
  return path;
}

/** Asks until the path is one where nothing is. */
async function askFreePath(): Promise<string | undefined> {
  const [folder] = localFolders();
  const usual = join(folder?.uri.fsPath ?? '', usualSeedName);
  let proposed = basename(freePath(usual));
  for (;;) {
    const path = await askSeedPath(t`Quickstart: Create Telemetry Seed Database`, proposed);
    if (path === undefined || !existsSync(path)) return path;
    const free = freePath(path);
    const take = t`Use ${basename(free)}`;
    const other = t`Choose Another…`;
    const pressed = await safeWindow.showWarningMessage(
      t`${basename(path)} exists already.`,
      { modal: true, detail: t`Quickstart leaves it as it is.` },
      take,
      other,
    );
    if (pressed === take) return free;
    if (pressed !== other) return undefined;
    proposed = basename(free);
  }
}

/** The path, or the first of `name-2.db`, `name-3.db`, … where nothing is. */
function freePath(path: string): string {
  const { name, ext } = parse(path);
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? path : join(dirname(path), `${name}-${number}${ext}`);
    if (!existsSync(free)) return free;
  }
}
