import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { isOfPinnedIdentity, type PinVerdict } from '../../core/identity/databasePin.ts';
import type { GivenRole } from '../../core/identity/identityTable.ts';
import { roleName } from '../../core/identity/roleText.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { adopt, planAdoption } from '../../node/maintenance/adopt.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import { notAutopack } from '../database/databaseState.ts';
import { requireLocalFile, requireWritableServer } from '../database/virtualPaths.ts';
import { notifyWithBackup } from '../maintenance/backupCommands.ts';
import type { Offer, Offers } from '../offers/offers.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import type { WriteDeps } from '../guard/authoriseWrite.ts';
import { askWhichFile, trustTitle, whichFileText, type WhichFileDeps } from '../guard/askWhichFile.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';

const buttonTitles = (): Readonly<Record<GivenRole, string>> => ({
  seed: t`Adopt as Telemetry Seed`,
  legacy: t`Adopt as Legacy Backlog`,
});

/** Asks whether a database is to get an identity, and in which role; returns whether it has one now. */
export async function offerAdoption(path: string, deps: WriteDeps): Promise<boolean> {
  requireTrust(t`Adopting a database`);
  requireLocalFile(path, t`Adopting a database`);
  requireWritableServer(path, t`Adopting a database`, deps.selected.state);
  const offer = await deps.offers.about(path);
  const { value: facts } = await deps.reader.request(path, 'identity', null);
  const error = notAutopack(facts);
  if (error !== undefined) throw error;
  if (facts.roleSource === 'identity-table') {
    // It is not what this folder knows: then adopting it means to take it for the one that is meant.
    const { verdict } = await guardOf(path, deps).inspect(path);
    if (isOther(verdict)) return repinDatabase(path, deps);
    throw new UserFacingError(
      'exists',
      t`${databaseName(path)} has an identity already: it is a ${roleName(facts.role)} database.`,
      t`Work with it as it is.`,
    );
  }
  const role = await askRole(facts, offer);
  if (role === undefined || !(await deps.confirmSources(path))) return false;
  // What its URL asks of the connection, as sslmode, holds for writing, too.
  await carryOut(isPostgresPath(path) ? path : facts.path, role, deps);
  return true;
}

function isOther({ kind }: PinVerdict): boolean {
  return kind === 'different-id' || kind === 'role-changed' || isOfPinnedIdentity(kind);
}

async function askRole(facts: DatabaseFacts, offer: Offer): Promise<GivenRole | undefined> {
  // What holds foreign runs is a backlog, and would be refused as a seed.
  const roles: readonly GivenRole[] = facts.role === 'unknown' ? ['seed', 'legacy'] : [facts.role];
  const buttons = roles.map((role) => buttonTitles()[role]);
  const question = t`Adopt ${databaseName(facts.path)}?`;
  const detail = [
    t`It has no identity, so it cannot be distinguished from a copy or another database. It can be browsed and analyzed, but not written.`,
    '',
    isPostgresPath(facts.path)
      ? t`Adopting adds the schema autopack_hygiene, with small tables for an id and a role, which Autopack itself never reads.`
      : t`Adopting makes a backup, then adds one small table with an id and a role, which Autopack itself never reads.`,
  ];
  const pressed = await offer.ask({ severity: 'information', message: question, detail, buttons });
  return pressed === undefined ? undefined : roles[buttons.indexOf(pressed)];
}

async function carryOut(path: string, role: GivenRole, deps: WriteDeps): Promise<void> {
  const { selected, errors } = deps;
  const guard = guardOf(path, deps);
  // The person has been asked: in the words of the editor instead of the plan's.
  const plan = await planAdoption(guard, path, { role });
  const { backup } = await adopt(plan, { ...deps, guard, workspaceFolder: guardFolder(path) });
  if (selected.path !== undefined) await selected.refresh();
  // Not awaited: what asked for the adoption goes on.
  errors.watch(notifyWithBackup(t`Adopted ${databaseName(path)} as ${roleName(role)}.`, backup));
}

/** What trusting a file needs. */
export interface RepinDeps extends WhichFileDeps {
  readonly offers: Offers;
}

/** Remembers a database as it is now, on a person's word that it is the one they mean; returns whether they said so. Writes nothing into it. */
export async function repinDatabase(
  path: string,
  deps: RepinDeps & Parameters<typeof guardOf>[1],
): Promise<boolean> {
  const guard = guardOf(path, deps);
  const offer = await deps.offers.about(path);
  const inspection = await guard.inspect(path);
  // Without an identity there is nothing to remember it by.
  if (inspection.fingerprint.id === null) {
    await executeCommand('adoptDatabase');
    return false;
  }
  const original = await guard.originalOf(inspection);
  const question = {
    message: t`Trust ${databaseName(path)}?`,
    detail: [
      ...whichFileText(inspection, original),
      '',
      isPostgresPath(path)
        ? t`A trusted database is remembered as it is now; nothing is written into it.`
        : t`A trusted file is remembered as it is now; nothing is written into it.`,
    ],
    goOn: trustTitle(path),
  };
  if (!(await askWhichFile(offer, original, question, deps))) return false;
  await guard.pin(path);
  return true;
}
