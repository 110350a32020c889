import { databaseName } from '../../core/db/databaseName.ts';
import type { Finding } from '../../core/identity/findings.ts';
import { t } from '../../core/text/l10n.ts';
import { cutText, mayBeEmpty, type DatabaseState } from '../database/databaseState.ts';

/** What the state of the selection alone says should be fixed. A file that is gone has its row as a source. */
export function selectionFindings(state: DatabaseState): Finding[] {
  switch (state.kind) {
    case 'none':
    case 'checking':
      return [];
    case 'problem': {
      const { code, message, nextStep } = state.error;
      // Whoever writes it now will be done in a moment.
      if (code === 'not-found' || code === 'busy' || code === 'locked') return [];
      return [{ code: code === 'not-autopack' ? code : 'unreadable', message, nextStep }];
    }
    case 'ready':
      return [...cutFinding(state), ...replacedFinding(state), ...emptyFinding(state)];
  }
}

type ReadyState = Extract<DatabaseState, { kind: 'ready' }>;

function cutFinding(state: ReadyState): Finding[] {
  const message = cutText(state);
  if (message === null || state.cut === undefined) return [];
  return [{ code: 'unreadable', message: `${message}.`, nextStep: state.cut.error.nextStep }];
}

function replacedFinding({ path, replaced, facts: { server } }: ReadyState): Finding[] {
  if (!replaced) return [];
  const name = databaseName(path);
  const isFile = server === undefined;
  return [
    {
      code: 'replaced',
      message: isFile
        ? t`Another file took the place of ${name}, the one you selected.`
        : t`Another database took the place of ${name}, the one you selected.`,
      nextStep: isFile
        ? t`Check its identity; if it does not belong there, restore a backup.`
        : t`Check its identity; if it does not belong there, find out who put it there.`,
    },
  ];
}

function emptyFinding({ facts }: ReadyState): Finding[] {
  // The Runs view offers to seed it.
  if (mayBeEmpty(facts)) return [];
  const { warnings, role } = facts;
  const empty = warnings.find(({ code }) => code === 'empty' || code === 'no-phases');
  if (empty === undefined) return [];
  const nextStep =
    role === 'legacy'
      ? t`A backlog should hold phases: restore a backup, or select another database.`
      : t`Seed a telemetry run into it; if it should hold runs already, select another database.`;
  return [{ code: 'empty', about: empty.code, message: empty.message, nextStep }];
}
