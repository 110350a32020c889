import { plainMarkdown } from '../../text/markdown.ts';
import { markdownTable } from '../markdownTable.ts';
import type { Document, DocumentBlock, DocumentSection } from './document.ts';

/** A report as Markdown, ending with a line break. */
export function toMarkdown({ title, lead, sections }: Document): string {
  return `${[`# ${plainMarkdown(title)}\n\n${plainMarkdown(lead)}`, ...sections.map(markdownSection)].join('\n\n')}\n`;
}

function markdownSection({ heading, blocks }: DocumentSection): string {
  return [`## ${plainMarkdown(heading)}`, ...blocks.map(markdownBlock)].join('\n\n');
}

function markdownBlock(one: DocumentBlock): string {
  switch (one.kind) {
    case 'text':
      return plainMarkdown(one.text);
    case 'list':
      return one.items.map((item) => `- ${plainMarkdown(item)}`).join('\n');
    case 'table':
      return markdownTable(
        one.head.map(plainMarkdown),
        one.rows.map((row) => row.map(plainMarkdown)),
      );
  }
}
