import type { SerializedError } from '../../core/errors.ts';
import { counted } from '../../core/text/quantities.ts';
import { html } from '../dom.ts';
import { icon } from '../icons.ts';
import { button } from './actionButton.ts';
import type { PageContent, PageModel } from '../pageModel.ts';

/** All that notices are made from, besides the failed command. */
export function noticed(content: PageContent): readonly unknown[] {
  return content.kind === 'report' ? [content.outdatedBy, content.warnings] : [];
}

/** What went wrong without taking the figures away: a failed command, figures that are outdated, values that were unreadable. */
export function notices({ notice, content }: PageModel, dismiss: () => void): Node[] {
  const lines: Node[] = [];
  if (notice !== null) lines.push(line('error', words(notice), button('Dismiss', dismiss)));
  if (content.kind !== 'report') return lines;
  if (content.outdatedBy !== null) {
    lines.push(line('error', `These figures are outdated. ${words(content.outdatedBy)}`));
  }
  if (content.warnings.length > 0) {
    const odd = content.warnings.reduce((sum, { count }) => sum + count, 0);
    const kinds = content.warnings.map(({ what, count }) => `${what} (${count})`).join('; ');
    lines.push(line('warning', `${counted(odd, 'value')} could not be read as expected: ${kinds}.`));
  }
  return lines;
}

function words({ message, nextStep }: SerializedError): string {
  return `${message} ${nextStep}`;
}

/** One that can be dismissed is about what a person just did, wherever on the page: it stays in view. */
function line(kind: 'error' | 'warning', text: string, dismiss: Node | null = null): Node {
  const classes = `notice ${kind}${dismiss === null ? '' : ' in-view'}`;
  return html('p', { class: classes }, icon('warning'), html('span', {}, text), dismiss);
}
