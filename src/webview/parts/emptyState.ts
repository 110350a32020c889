import type { SerializedError } from '../../core/errors.ts';
import { counted } from '../../core/text/quantities.ts';
import type { TelemetryAnalysis } from '../../core/telemetry/analysis/telemetryAnalysis.ts';
import { conditionsOf, noFilter, type TelemetryFilter } from '../../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryDatabase } from '../../protocol/telemetryProtocol.ts';
import { html } from '../dom.ts';
import { actionButton, button } from './actionButton.ts';
import type { PageActions } from './pageActions.ts';

/** Nothing is selected. */
export function noDatabase(actions: PageActions): Node {
  return emptyState('No database is selected', 'Select the database whose telemetry you want to see.', [
    actionButton('selectDatabase', actions, true),
    actionButton('createSeedDatabase', actions),
  ]);
}

/** The analysis failed: what happened, and what to do about it. */
export function failure(error: SerializedError, actions: PageActions): Node {
  if (error.code === 'no-telemetry-table') {
    return emptyState('This database keeps no telemetry', `${error.message} ${error.nextStep}`, [
      actionButton('createSeedDatabase', actions, true),
      actionButton('selectDatabase', actions),
    ]);
  }
  return emptyState('The telemetry could not be read', `${error.message} ${error.nextStep}`, [
    button('Try Again', () => actions.analyseAgain(), true),
    actionButton('selectDatabase', actions),
    actionButton('showLog', actions),
  ]);
}

/** The table is there, but holds no sample yet. */
export function noSamples(database: TelemetryDatabase | null, actions: PageActions): Node {
  const seed = database?.role === 'seed' || database?.role === 'unknown';
  return emptyState(
    'No telemetry yet',
    'Every phase that is drained with telemetry on adds a sample for each call of a model: what was predicted and what it used.',
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
      ? [button('Show All Samples', () => actions.setFilter(noFilter), true)]
      : []),
    ...(options.successOnly
      ? [button('Show Failed Too', () => actions.setOptions({ successOnly: false }), true)]
      : []),
    ...(options.includeSynthetic || synthetic === 0
      ? []
      : [button('Show Synthetic', () => actions.setOptions({ includeSynthetic: true }))]),
  ];
  return emptyState(
    'Nothing to show with these filters',
    `The filters leave out all of the ${counted(samples, 'sample')} in this database.`,
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
