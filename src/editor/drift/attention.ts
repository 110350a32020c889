import type { SourceOrigin } from '../../core/guard/databaseSource.ts';
import { isDrifting, originText } from '../../core/guard/drift.ts';
import { type Finding, isWrong } from '../../core/guard/findings.ts';
import { commandLink } from '../commands/commandLink.ts';
import { escapeMarkdown } from '../text/markdownText.ts';
import type { DriftReport } from './driftMonitor.ts';
import { othersThanSources } from './othersThanSources.ts';

/** What belongs on the status bar, gravest first, in as few words as will do. A database may well be empty or unadopted. */
const words: Readonly<Partial<Record<Finding['code'], string>>> = {
  'different-id': 'not the database known here',
  'copy-or-restored': 'a copy or a restored file',
  'role-changed': 'its role was changed',
  'pins-unreadable': 'what this folder knows cannot be read',
  'api-server': 'an API server may have another',
  'stale-phases': 'stale phases',
  git: 'not kept out of git',
  'canary-left': 'a canary run is left in it',
};

/** The gravest thing to know before working on the database, in words; `null` where all is well. */
export function attentionOf({ findings, sources }: DriftReport): string | null {
  const [drifting] = sources.filter(isDrifting);
  for (const [code, text] of Object.entries(words)) {
    // Drift is graver than a server that does not tell, and than what only wants tidying up.
    if (code === 'api-server' && drifting !== undefined) break;
    if (findings.some((finding) => finding.code === code)) return text;
  }
  return drifting === undefined ? null : `drift: ${shortText(drifting.source.origin)}`;
}

/** Without what is long and stands in the tooltip: folders, and the names of settings. */
function shortText(origin: SourceOrigin): string {
  if (origin.kind === 'setting') return 'DATABASE_URL in a setting';
  return originText(origin).replace(/ in \/.*\//, ' in ');
}

/** All of it for the tooltip, with the way to the mends; `null` where all is well. */
export function attentionList({ findings, sources }: DriftReport): string | null {
  const messages = [
    ...sources.filter(isWrong).map(({ message }) => message),
    ...othersThanSources(findings)
      .filter(({ code }) => code in words)
      .map(({ message }) => message),
  ];
  if (messages.length === 0) return null;
  const list = messages.map((message) => `- $(warning) ${escapeMarkdown(message)}`);
  return [
    '**To put right**',
    '',
    ...list,
    '',
    commandLink('$(wrench) Put It Right', 'showDrift'),
    '',
    '---',
  ].join('\n');
}
