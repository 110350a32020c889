import { t } from './l10n.ts';
import { plainMarkdown } from './markdown.ts';
import { printable } from './printable.ts';

/** A report as data, to be written as Markdown or as HTML. */
export interface Document {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly DocumentSection[];
}

/** A part of a report under its heading. */
export interface DocumentSection {
  readonly heading: string;
  readonly blocks: readonly DocumentBlock[];
}

/** What stands under a heading. Text is plain: it has no markup, and none that is in it takes effect. */
export type DocumentBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

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

const style = `
:root { color-scheme: light dark; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
td { font-variant-numeric: tabular-nums; }
td:not(:last-child) { white-space: nowrap; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; }
`;

/**
 * A report as one HTML page that needs nothing else: no script, nothing from the network, which its own policy forbids.
 * `figure` is put behind the lead as it is.
 */
export function toHtml({ title, lead, sections }: Document, figure = ''): string {
  const parts = [figure, ...sections.map(htmlSection)].filter((part) => part !== '');
  return htmlPage(title, style, [`<p>${escapeHtml(lead)}</p>`, ...parts].join('\n'));
}

/** A page of its own under a policy by which nothing loads and no script runs; `body` is put below the title as it is. */
export function htmlPage(title: string, css: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="${t`en`}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function htmlSection({ heading, blocks }: DocumentSection): string {
  return `<section>\n<h2>${escapeHtml(heading)}</h2>\n${blocks.map(htmlBlock).join('\n')}\n</section>`;
}

function htmlBlock(one: DocumentBlock): string {
  switch (one.kind) {
    case 'text':
      return `<p>${escapeHtml(one.text)}</p>`;
    case 'list':
      return `<ul>\n${one.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'table':
      return table(one.head, one.rows);
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headings = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`);
  return `<table>\n<thead><tr>${headings}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, with what does not show as escapes, fit for content and for quoted attributes. */
export function escapeHtml(text: string): string {
  return printable(text, Infinity).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A Markdown table; text from the data cannot break out of its cell. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
