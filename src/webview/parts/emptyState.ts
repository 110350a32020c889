import type { SerializedError } from '../../core/errors.ts';
import type { TelemetryAnalysis } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { conditionsOf, noFilter, type TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import type { TelemetryDatabase } from '../../protocol/telemetryProtocol.ts';
import { html, icon } from '../elements/dom.ts';
import type { PageContent, PageModel } from '../model/pageModel.ts';
import { actionButton, button, type PageActions } from '../elements/pageActions.ts';

/** Nothing is selected. */
export function noDatabase(actions: PageActions): Node {
  return emptyState(t`No database is selected`, t`Select the database whose telemetry you want to see.`, [
    actionButton('selectDatabase', actions, true),
    actionButton('createSeedDatabase', actions),
  ]);
}

/** The analysis failed: what happened, and what to do about it. */
export function failure(error: SerializedError, actions: PageActions): Node {
  if (error.code === 'no-telemetry-table') {
    return emptyState(t`This database keeps no telemetry`, `${error.message} ${error.nextStep}`, [
      actionButton('createSeedDatabase', actions, true),
      actionButton('selectDatabase', actions),
    ]);
  }
  return emptyState(t`The telemetry could not be read`, `${error.message} ${error.nextStep}`, [
    button(t`Try Again`, () => actions.analyseAgain(), true),
    actionButton('selectDatabase', actions),
    actionButton('showLog', actions),
  ]);
}

/** The table is there, but holds no sample yet. */
export function noSamples(database: TelemetryDatabase | null, actions: PageActions): Node {
  const seed = database?.role === 'seed' || database?.role === 'unknown';
  return emptyState(
    t`No telemetry yet`,
    t`Each phase drained with telemetry on adds one sample per model call: predicted and actual tokens.`,
    [
      actionButton('drain', actions, true),
      ...(seed ? [actionButton('seedRun', actions)] : []),
      actionButton('checkIdentity', actions),
    ],
  );
}

/** There are samples, but the options leave all of them out. */
export function nothingAnalysed(
  { samples, options, synthetic }: TelemetryAnalysis,
  filter: TelemetryFilter,
  actions: PageActions,
): Node {
  const ways = [
    ...(conditionsOf(filter) > 0
      ? [button(t`Show All Samples`, () => actions.setFilter(noFilter), true)]
      : []),
    ...(options.successOnly
      ? [button(t`Show Failed Too`, () => actions.setOptions({ successOnly: false }), true)]
      : []),
    ...(options.includeSynthetic || synthetic === 0
      ? []
      : [button(t`Show Synthetic`, () => actions.setOptions({ includeSynthetic: true }))]),
  ];
  return emptyState(
    t`Nothing to show with these filters`,
    t`The filters leave out all of the ${counted(samples, 'sample')} in this database.`,
    ways,
  );
}

function emptyState(title: string, text: string, buttons: readonly Node[]): Node {
  return html(
    'section',
    { class: 'empty' },
    html('h2', {}, title),
    html('p', {}, text),
    html('p', { class: 'buttons' }, ...buttons),
  );
}

/** All that notices are made from, besides the failed command. */
export function noticed(content: PageContent): readonly unknown[] {
  return content.kind === 'report' ? [content.outdatedBy, content.warnings] : [];
}

/** What went wrong without taking the figures away: a failed command, figures that are outdated, values that were unreadable. */
export function notices({ notice, content }: PageModel, dismiss: () => void): Node[] {
  const lines: Node[] = [];
  if (notice !== null) lines.push(line('error', words(notice), button(t`Dismiss`, dismiss)));
  if (content.kind !== 'report') return lines;
  if (content.outdatedBy !== null) {
    lines.push(line('error', `${t`These figures are outdated.`} ${words(content.outdatedBy)}`));
  }
  if (content.warnings.length > 0) {
    const unreadable = content.warnings.reduce((sum, { count }) => sum + count, 0);
    const kinds = content.warnings.map(({ what, count }) => `${what} (${count})`).join('; ');
    lines.push(line('warning', t`${counted(unreadable, 'value')} could not be read as expected: ${kinds}.`));
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
