import { basename } from 'node:path';
import type { Finding } from '../../core/identity/findings.ts';
import type { DatabaseState } from '../database/databaseState.ts';

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
      return [...replacedFinding(state), ...emptyFinding(state)];
  }
}

type ReadyState = Extract<DatabaseState, { kind: 'ready' }>;

function replacedFinding({ path, replaced }: ReadyState): Finding[] {
  if (!replaced) return [];
  return [
    {
      code: 'replaced',
      message: `Another file took the place of ${basename(path)}, the one you selected.`,
      nextStep: 'Check its identity; if it does not belong there, restore a backup.',
    },
  ];
}

function emptyFinding({ facts: { warnings, role } }: ReadyState): Finding[] {
  const empty = warnings.find(({ code }) => code === 'empty' || code === 'no-phases');
  if (empty === undefined) return [];
  const nextStep =
    role === 'legacy'
      ? 'A backlog should hold phases: restore a backup, or select another database.'
      : 'Seed a telemetry run into it; if it should hold runs already, select another database.';
  return [{ code: 'empty', message: empty.message, nextStep }];
}
