import { roleInWords } from '../../core/identity/roleText.ts';
import { levelMeanings, levelNames } from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { escapeMarkdown } from '../../core/text/markdown.ts';
import { formatCount } from '../../core/text/quantities.ts';
import type { WriteProposal } from '../../node/agentTools/agentTool.ts';
import { databaseName } from '../../core/db/databaseName.ts';

/** The title of VS Code's own confirmation of a write that an agent wants; one line. */
export function confirmationTitle({ path, expected }: WriteProposal, toolTitle: string): string {
  return `${toolTitle}: ${databaseName(path)} (${roleInWords(expected)})`;
}

/** What it says, as Markdown: which database that is, and what exactly would be done. */
export function confirmationText({ path, expected, question, plan, rows }: WriteProposal): string {
  const { id, level } = expected;
  const facts = [
    t`Database: ${databaseName(path)}`,
    t`Role: ${roleInWords(expected)}`,
    t`Protection: ${levelNames()[level]} (${levelMeanings()[level]})`,
    `ID: ${id}`,
    t`Path: ${path}`,
    t`Phases: ${formatCount(rows)}`,
  ];
  return [[question], facts, plan].map(paragraph).join('\n\n');
}

/** A line each, also in a dialog, where VS Code leaves lists and bold words as they are written. */
function paragraph(lines: readonly string[]): string {
  return lines.map(escapeMarkdown).join('  \n');
}
