import type { DecodeWarning } from '../core/db/decodeWarnings.ts';
import type { SerializedError } from '../core/errors.ts';
import type { TelemetryView } from '../core/telemetry/view/telemetryView.ts';
import type { TelemetryDatabase, TelemetryHostBody } from '../protocol/telemetryProtocol.ts';

/** What the page shows in its main part. */
export type PageContent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'no-database' }
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | {
      readonly kind: 'report';
      readonly view: TelemetryView;
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
  if (message.kind === 'action-failed') return { ...model, notice: message.error };
  if (message.request !== model.request) return model;
  switch (message.kind) {
    case 'working':
      return working(model, message.database);
    case 'report': {
      const { database, view, warnings } = message;
      const content = { kind: 'report', view, warnings, outdatedBy: null } as const;
      return { ...model, busy: false, database, content };
    }
    case 'no-database':
      return { ...model, busy: false, database: null, content: { kind: 'no-database' } };
    case 'failed':
      return failed(model, message.database, message.error);
  }
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
export function stranger(model: PageModel): PageModel {
  const error = {
    code: 'internal',
    message: 'This page is of another version of the extension.',
    nextStep: 'Close it and open it again.',
  } as const;
  return { ...model, busy: false, content: { kind: 'failed', error } };
}
