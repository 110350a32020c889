import { drift } from '../../core/identity/drift.ts';
import type { DatabaseSource } from '../../core/identity/databaseSource.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatBytes, formatCount } from '../../core/text/quantities.ts';
import { formatMinute } from '../../core/text/times.ts';
import type { DatabaseState } from '../database/databaseState.ts';
import { stateCountsLabel } from '../window/labels.ts';
import { journalModes } from './identityFacts.ts';
import type { DriftReport, IdentityFact } from './issues.ts';
import { selectionFindings } from './selectionFindings.ts';

/** The report of a file alone. */
export function fileReport(state: DatabaseState): DriftReport {
  const facts = state.kind === 'ready' || state.kind === 'problem' ? state.facts : undefined;
  return {
    path: state.kind === 'none' ? null : state.path,
    sources:
      state.kind === 'ready' || state.kind === 'problem' ? drift([selectionOf(state.path, facts)]) : [],
    findings: selectionFindings(state),
    git: [],
    stale: null,
    ...(facts === undefined ? {} : { facts: identityRows(facts), migrations: facts.migrations }),
  };
}

function selectionOf(path: string, facts: DatabaseFacts | undefined): DatabaseSource {
  return {
    origin: { kind: 'selection' },
    given: null,
    target: { kind: 'file', path, fileId: facts?.fileId ?? null },
  };
}

function identityRows(facts: DatabaseFacts): IdentityFact[] {
  const { id, level, counts, phaseStates, telemetry, sizeBytes, modifiedAt, journalMode } = facts;
  return [
    { name: t`Role`, value: roleInWords(facts), icon: 'tag' },
    { name: t`Id`, value: id ?? t`none: it was not adopted`, icon: 'key' },
    ...(level === null ? [] : [{ name: t`Protection`, value: levelNames()[level], icon: 'lock' }]),
    { name: t`Content`, value: contentText(counts, phaseStates), icon: 'list-tree' },
    {
      name: t`Samples`,
      value: telemetry === null ? t`no such table` : formatCount(telemetry.total),
      icon: 'graph-scatter',
    },
    { name: t`Journal`, value: journalModes()[journalMode], icon: 'history' },
    // A file system of the web may not tell when.
    {
      name: t`File`,
      value: [formatBytes(sizeBytes), ...(modifiedAt >= 1 ? [formatMinute(modifiedAt)] : [])].join(', '),
      icon: 'file',
    },
  ];
}

function contentText(
  { runs, phases }: DatabaseFacts['counts'],
  states: DatabaseFacts['phaseStates'],
): string {
  const total = `${counted(runs ?? 0, 'run')}, ${counted(phases ?? 0, 'phase')}`;
  return (phases ?? 0) === 0 ? total : `${total} (${stateCountsLabel(states)})`;
}
