import type { DecodeWarning } from '../../core/db/columnReader.ts';
import type { SerializedError } from '../../core/errors.ts';
import type { Coverage } from '../../core/telemetry/analysis/coverage.ts';
import type { ModelFigures } from '../../core/telemetry/page/modelFigures.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { t } from '../../core/text/l10n.ts';
import type {
  Outcome,
  PageCalibration,
  TelemetryDatabase,
  TelemetryHostBody,
} from '../../protocol/telemetryProtocol.ts';

/** What the page shows in its main part. */
export type PageContent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'no-database' }
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | {
      readonly kind: 'report';
      readonly view: TelemetryView;
      /** The committed state that this is of. */
      readonly state: string;
      /** `null` until it is known. */
      readonly coverage: Outcome<Coverage> | null;
      /** The figures of each model; `null` until they are known. */
      readonly models: Outcome<readonly ModelFigures[]> | null;
      /** Whether `models` are of an older question. */
      readonly modelsOutdated: boolean;
      /** `working` from the question to the answer, `null` where nobody asked. */
      readonly calibration: Outcome<PageCalibration> | 'working' | null;
      /** Where the proposal of this state was applied to, and where the old coefficients are; `null` where it was not. */
      readonly applied: { readonly estimator: string; readonly kept: string } | null;
      readonly warnings: readonly DecodeWarning[];
      /** Why these figures are older than the database, or `null`. */
      readonly outdatedBy: SerializedError | null;
    };

/** Everything the page knows that came from its host. */
export interface PageModel {
  /** The number of the last question. */
  readonly request: number;
  readonly busy: boolean;
  readonly database: TelemetryDatabase | null;
  readonly content: PageContent;
  /** A command that failed, until another is tried. */
  readonly notice: SerializedError | null;
}

/** The page before its first question. */
export const initialModel: PageModel = {
  request: 0,
  busy: false,
  database: null,
  content: { kind: 'loading' },
  notice: null,
};

/** The model with one more question put; what is shown stays until the answer. */
export function asked(model: PageModel): PageModel {
  return { ...model, request: model.request + 1, busy: true, notice: null };
}

/** The model after a message of the host. An answer to an older question changes nothing. */
export function received(model: PageModel, message: TelemetryHostBody): PageModel {
  if (message.kind === 'reveal') return model;
  if (message.kind === 'action-failed') return { ...model, notice: message.error };
  if (message.kind === 'coverage') return withContent(model, { coverage: message.outcome });
  if (message.kind === 'calibration') return calibrated(model, message);
  if (message.kind === 'applied') return applied(model, message);
  if (message.request !== model.request) return model;
  switch (message.kind) {
    case 'working':
      return working(model, message.database);
    case 'report':
      return reported(model, message);
    case 'models':
      return withContent(model, { models: message.outcome, modelsOutdated: false });
    case 'no-database':
      return { ...model, busy: false, database: null, content: { kind: 'no-database' } };
    case 'failed':
      return failed(model, message.database, message.error);
  }
}

type Report = Extract<PageContent, { kind: 'report' }>;
type Message<Kind extends TelemetryHostBody['kind']> = Extract<TelemetryHostBody, { kind: Kind }>;

/** A proposal is of one state of one database; the coverage of the last one stays until the host sends the next. */
function reported(model: PageModel, { database, view, state, warnings }: Message<'report'>): PageModel {
  const old =
    model.content.kind === 'report' && model.database?.path === database.path ? model.content : null;
  const content = {
    kind: 'report',
    view,
    state,
    coverage: old?.coverage ?? null,
    models: old?.models ?? null,
    modelsOutdated: true,
    calibration: old?.state === state ? old.calibration : null,
    // What was applied stays so until there is more evidence, whatever else was written.
    applied: old?.view.analysis.quality.clean === view.analysis.quality.clean ? old.applied : null,
    warnings,
    outdatedBy: null,
  } as const;
  return { ...model, busy: false, database, content };
}

/** The model while a proposal is worked out. */
export function calibrating(model: PageModel): PageModel {
  return withContent(model, { calibration: 'working' });
}

/** An answer about a state that is no more is none, and can be asked for again. */
function calibrated(model: PageModel, { state, outcome }: Message<'calibration'>): PageModel {
  if (model.content.kind !== 'report') return model;
  const isCurrent = outcome.kind === 'failed' || state === model.content.state;
  const { applied: before } = model.content;
  const isOfAnother = outcome.kind === 'known' && outcome.value.estimator?.path !== before?.estimator;
  return withContent(model, {
    calibration: isCurrent ? outcome : null,
    applied: isOfAnother ? null : before,
  });
}

/** One step from one evidence: the next needs samples that were made with the new coefficients. */
function applied(model: PageModel, { state, estimator, kept }: Message<'applied'>): PageModel {
  const isCurrent = model.content.kind === 'report' && model.content.state === state;
  return isCurrent ? withContent(model, { applied: { estimator, kept } }) : model;
}

function withContent(model: PageModel, change: Partial<Report>): PageModel {
  if (model.content.kind !== 'report') return model;
  return { ...model, content: { ...model.content, ...change } };
}

/** Figures of one database must not stand under the name of another. */
function working(model: PageModel, database: TelemetryDatabase | null): PageModel {
  if (database === null || database.path === model.database?.path) return { ...model, busy: true };
  return { ...model, busy: true, database, content: { kind: 'loading' } };
}

function failed(model: PageModel, database: TelemetryDatabase | null, error: SerializedError): PageModel {
  const { content } = model;
  const same = database !== null && database.path === model.database?.path;
  const keeps = content.kind === 'report' && same && error.code !== 'no-telemetry-table';
  return {
    ...model,
    busy: false,
    database,
    content: keeps ? { ...content, outdatedBy: error } : { kind: 'failed', error },
  };
}

/** The model when the host speaks another version: the extension was updated under an open page. */
export function versionMismatch(model: PageModel): PageModel {
  const error = {
    code: 'internal',
    message: t`This page is of another version of the extension.`,
    nextStep: t`Close it and open it again.`,
  } as const;
  return { ...model, busy: false, content: { kind: 'failed', error } };
}

/** What a report shows. */
export type ReportContent = Extract<PageContent, { kind: 'report' }>;

/** Why a proposal cannot be applied, in a sentence or two; `null` where it can. */
export function applyBlocker({
  result,
  trusted,
  isInBrowser,
  applied,
}: Pick<PageCalibration, 'result' | 'trusted' | 'isInBrowser'> & Pick<ReportContent, 'applied'>):
  string | null {
  if (isInBrowser === true)
    return t`Nothing is written in the browser: open the folder with VS Code on a computer to write or apply a proposal.`;
  if (!trusted)
    return t`Nothing is written in Restricted Mode: trust the workspace to write or apply a proposal.`;
  if (result.verdict === 'withheld') {
    const missed = result.gates.filter(({ verdict }) => verdict === 'not-passed').map(({ label }) => label);
    const why = missed.length === 0 ? result.reasons.join(' ') : t`Not passed: ${missed.join(', ')}.`;
    return t`A withheld proposal cannot be applied. ${why}`;
  }
  if (applied !== null)
    return t`It was applied. Another step needs new samples, made with the new coefficients.`;
  return null;
}
