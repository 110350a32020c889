import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { differencesText } from '../../core/identity/databasePin.ts';
import { t } from '../../core/text/l10n.ts';
import type { Inspection } from '../../node/identity/databaseGuard.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { executeCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import type { Offer } from '../offers/offers.ts';

/** What asking which of two files is meant needs. */
export interface WhichFileDeps {
  readonly selected: SelectedDatabase;
}

/** A question about a file that may not be the one that is meant. */
export interface WhichFileQuestion {
  readonly message: string;
  readonly detail: readonly string[];
  /** The button that goes on with the file as it is; never the first. */
  readonly goOn: string;
}

/**
 * Asks about a copy, a restored or a replaced file; returns whether to go on with it. What Enter does is safe: it selects
 * the original where that is known, or lets the person choose another database.
 */
export async function askWhichFile(
  offer: Offer,
  original: string | null,
  { message, detail, goOn }: WhichFileQuestion,
  { selected }: WhichFileDeps,
): Promise<boolean> {
  const select = original === null ? t`Select Another Database…` : t`Select ${databaseName(original)}`;
  const pressed = await offer.ask({
    severity: 'warning',
    message,
    detail,
    buttons: [select, goOn],
    harmless: [select],
  });
  if (pressed === select) {
    if (original === null) await executeCommand('selectDatabase');
    else await selected.select(original);
  }
  return pressed === goOn;
}

/** What a database is, in sentences about two of them. */
export function databaseNoun(path: string): string {
  return isPostgresPath(path) ? t`database` : t`file`;
}

/** The button by which a person says that it is the one they mean. */
export function trustTitle(path: string): string {
  return isPostgresPath(path) ? t`Trust This Database` : t`Trust This File`;
}

/** What the finding of a copy or a restored file says in the editor, without numbers of files; one sentence. */
export function copySentence(
  { fingerprint, verdict }: Pick<Inspection, 'fingerprint' | 'verdict'>,
  original: string | null,
): string {
  const name = databaseName(fingerprint.path);
  if (original !== null)
    return t`${name} is a copy of ${databaseName(original)}: same identity, different ${databaseNoun(fingerprint.path)}.`;
  return verdict.differences.some(({ fact }) => fact === 'runs')
    ? t`${name} is a copy or a restored ${databaseNoun(fingerprint.path)}: it lacks runs that it had.`
    : t`${name} is a copy or a restored ${databaseNoun(fingerprint.path)}: same identity, different ${databaseNoun(fingerprint.path)} than before.`;
}

/** What a dialog says in its first line of a file that may not be the one that is meant. */
export function whichFileMessage({ fingerprint, verdict }: Inspection, original: string | null): string {
  const name = databaseName(fingerprint.path);
  if (original !== null) return t`${name} is a copy of ${databaseName(original)}.`;
  if (verdict.kind === 'older-state') return t`${name} is an older state than this folder has seen.`;
  if (verdict.kind === 'other-history') return t`${name} was changed elsewhere.`;
  return t`${name} is a copy or a restored ${databaseNoun(fingerprint.path)}.`;
}

/** How far a database has come, and how far this folder has seen it. */
function changeSentence(
  { path, lastChange: { serial } }: Inspection['fingerprint'],
  pin: Inspection['pin'],
): string {
  const seen = pin?.lastChange.serial ?? 0;
  const name = databaseName(path);
  return serial < seen
    ? t`${name} is at change ${serial}, and this folder has seen change ${seen}: an older state was put in its place.`
    : t`Change ${seen} of ${name} is not the one this folder has seen: a copy was changed elsewhere and put in its place.`;
}

/** What a file is to the one this folder knows, in words for a dialog. */
export function whichFileText({ fingerprint, pin, verdict }: Inspection, original: string | null): string[] {
  if (original !== null)
    return [
      t`It is a copy of ${databaseName(original)}: the same identity, another ${databaseNoun(fingerprint.path)}.`,
      original,
    ];
  switch (verdict.kind) {
    case 'copy-or-restored':
      return [
        verdict.differences.some(({ fact }) => fact === 'runs')
          ? t`It lacks runs that ${databaseName(fingerprint.path)} had when this folder last saw it.`
          : t`It is not the ${databaseNoun(fingerprint.path)} that this folder knows as ${databaseName(fingerprint.path)}: it was copied or restored.`,
      ];
    case 'older-state':
    case 'other-history':
      return [changeSentence(fingerprint, pin)];
    case 'different-id':
    case 'role-changed':
    case 'moved':
    case 'same':
    case 'unknown':
      return [
        t`This folder knows it differently:`,
        ...verdict.differences
          .filter(({ fact }) => fact !== 'file')
          .map((each) => `${differencesText([each])}.`),
      ];
  }
}
