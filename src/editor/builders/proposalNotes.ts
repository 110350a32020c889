import type { ProposedFiles } from '../../core/model/executionHost.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';

type ProposedFile = ProposedFiles['files'][number];

/** Lines that the editor cuts where it shows them, in characters: the default of `editor.stopRenderingLineAfter`. */
const longestLine = 10_000;
/** What changes how its neighbours show, or does not show: bidirectional controls, zero-width characters, tags, controls. */
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu; // eslint-disable-line no-control-regex -- they are what is looked for

/** What a diff of the files does not show, in sentences. */
export function proposalNotes({ files }: ProposedFiles): string[] {
  return files.flatMap((file) => notesOf(file).map((note) => `${file.path} ${note}.`));
}

function notesOf({ before, after }: ProposedFile): string[] {
  const characters = after.match(hidden)?.length ?? 0;
  const [old, now] = [before === null ? null : lineEnding(before), lineEnding(after)];
  const isChanged = old !== null && now !== null && old !== now;
  const long = after.split(/\r\n|\r|\n/).filter((line) => line.length > longestLine).length;
  return [
    ...(characters === 0
      ? []
      : [
          characters === 1
            ? t`contains ${counted(characters, 'character')} that does not show`
            : t`contains ${counted(characters, 'character')} that do not show`,
        ]),
    ...(isChanged ? [t`changes its line endings from ${endingName(old)} to ${endingName(now)}`] : []),
    ...(old === null && now === 'mixed' ? [t`has mixed line endings`] : []),
    ...(long === 0 ? [] : [t`has ${counted(long, 'line')} too long to be shown whole`]),
    ...(after === '' ? [t`will be empty`] : []),
  ];
}

function endingName(ending: string): string {
  return ending === 'mixed' ? t`mixed` : ending;
}

/** `null` for a text of one line. */
function lineEnding(text: string): 'CRLF' | 'LF' | 'CR' | 'mixed' | null {
  const endings = new Set(text.match(/\r\n|\r|\n/g) ?? []);
  if (endings.size > 1) return 'mixed';
  if (endings.has('\r\n')) return 'CRLF';
  if (endings.has('\r')) return 'CR';
  return endings.size === 0 ? null : 'LF';
}
