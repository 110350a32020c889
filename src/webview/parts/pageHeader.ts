import { counted, formatCount } from '../../core/text/quantities.ts';
import { html } from '../dom.ts';
import type { PageModel } from '../pageModel.ts';

const roles = { seed: 'Telemetry seed', legacy: 'Legacy backlog', unknown: 'Unknown role' } as const;

/** Title, database and counts. */
export function pageHeader({ database, content }: PageModel): Node[] {
  const title = html('h1', {}, 'Token telemetry');
  if (database === null) return [title];
  const where = html(
    'p',
    { class: 'database' },
    html('span', { class: `role ${database.role}` }, roles[database.role]),
    html('span', { class: 'file', title: database.path }, database.fileName),
  );
  if (content.kind !== 'report') return [title, where];
  const { samples, analysed, quality } = content.view.analysis;
  if (samples === 0) return [title, where];
  const counts = [
    counted(samples, 'sample'),
    `${formatCount(analysed)} analyzed`,
    `${formatCount(quality.clean)} clean`,
    ...(quality.synthetic > 0 ? [`${formatCount(quality.synthetic)} synthetic`] : []),
  ];
  return [title, where, html('p', { class: 'counts' }, counts.join(', '))];
}
