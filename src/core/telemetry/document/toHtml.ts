import { escapeHtml } from './escapeHtml.ts';
import type { Document, DocumentBlock, DocumentSection } from './document.ts';

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
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(lead)}</p>
${[figure, ...sections.map(htmlSection)].filter((part) => part !== '').join('\n')}
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
