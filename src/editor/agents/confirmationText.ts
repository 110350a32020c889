import { basename } from 'node:path';
import { roleInWords } from '../../core/identity/roleText.ts';
import { levelMeanings, levelNames } from '../../core/model/protectionLevel.ts';
import { escapeMarkdown, factList, inlineCode } from '../../core/text/markdown.ts';
import { formatCount } from '../../core/text/quantities.ts';
import type { WriteProposal } from '../../node/agentTools/agentTool.ts';

/** The title of VS Code's own confirmation of a write that an agent wants; one line. */
export function confirmationTitle({ path, expected }: WriteProposal, toolTitle: string): string {
  return `${toolTitle}: ${basename(path)} (${roleInWords(expected)})`;
}

/** What it says, as Markdown: which database that is, and what exactly would be done. */
export function confirmationText({ path, expected, question, plan, rows }: WriteProposal): string {
  const { id, level } = expected;
  return [
    escapeMarkdown(question),
    factList([
      ['Database', escapeMarkdown(basename(path))],
      ['Role', escapeMarkdown(roleInWords(expected))],
      ['Protection', `${levelNames[level]} (${levelMeanings[level]})`],
      ['ID', inlineCode(id)],
      ['Path', inlineCode(path)],
      ['Phases', formatCount(rows)],
    ]),
    plan.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
  ].join('\n\n');
}
