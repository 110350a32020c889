import { markdownTable } from '../markdownTable.ts';
import type { Document, DocumentBlock, DocumentSection } from './document.ts';

/** A report as Markdown, ending with a line break. */
export function toMarkdown({ title, lead, sections }: Document): string {
  return `${[`# ${title}\n\n${lead}`, ...sections.map(section)].join('\n\n')}\n`;
}

function section({ heading, blocks }: DocumentSection): string {
  return [`## ${heading}`, ...blocks.map(block)].join('\n\n');
}

function block(one: DocumentBlock): string {
  switch (one.kind) {
    case 'text':
      return one.text;
    case 'list':
      return one.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return markdownTable(one.head, one.rows);
  }
}
