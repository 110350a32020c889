import { printable } from '../../text/printable.ts';

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
