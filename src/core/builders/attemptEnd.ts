import { serializeError } from '../errors.ts';
import type { ExecutorProblem } from '../model/execution.ts';
import { t } from '../text/l10n.ts';
import type { ModelError, ModelErrorKind } from './modelPort.ts';

/** Thrown to end an attempt without its deliverables. */
export class AttemptEnd extends Error {
  override readonly name = 'AttemptEnd';
  /** `QUEUED` where it says nothing about the phase. */
  readonly state: 'FAILED' | 'QUEUED';
  /**
   * What keeps every other phase from being executed as well, and the next step; `null` as a rule. It is for people: its
   * texts are looked up where they are read, for an attempt itself is in English.
   */
  readonly problem: ExecutorProblem | null;
  readonly timedOut: boolean;

  constructor(
    state: 'FAILED' | 'QUEUED',
    reason: string,
    details: { readonly problem?: ExecutorProblem; readonly timedOut?: boolean } = {},
  ) {
    super(reason);
    this.state = state;
    this.problem = details.problem ?? null;
    this.timedOut = details.timedOut ?? false;
  }
}

interface Treatment {
  readonly state: 'FAILED' | 'QUEUED';
  /** The provider's own name of the error, by which failures are classified. */
  readonly name: string;
  /** What a person must do before any other call can succeed; absent where others can. */
  readonly nextStep?: () => string;
}

const treatments: Readonly<Record<ModelErrorKind, Treatment>> = {
  'wrong-key': {
    state: 'QUEUED',
    name: 'authentication_error',
    nextStep: () => t`Set a valid API key for the model endpoint, then resume.`,
  },
  'no-access': {
    state: 'QUEUED',
    name: 'permission_error',
    nextStep: () => t`Give the key access to the model in the provider's console, then resume.`,
  },
  quota: {
    state: 'QUEUED',
    name: 'insufficient_quota',
    nextStep: () => t`Add credit to the provider's account, then resume.`,
  },
  'unknown-model': {
    state: 'QUEUED',
    name: 'model_not_found',
    nextStep: () => t`Choose a model that the endpoint offers, then resume.`,
  },
  'no-consent': {
    state: 'QUEUED',
    name: 'consent_required',
    nextStep: () => t`Allow the extension to use the model when VS Code asks, then resume.`,
  },
  unreachable: {
    state: 'QUEUED',
    name: 'connection_error',
    nextStep: () => t`Start the model server or check its address, then resume.`,
  },
  'rate-limit': { state: 'QUEUED', name: 'rate_limit_error' },
  overloaded: { state: 'QUEUED', name: 'overloaded_error' },
  stalled: { state: 'FAILED', name: 'stalled' },
  disconnected: { state: 'FAILED', name: 'disconnected' },
  'context-length': { state: 'FAILED', name: 'context_length_exceeded' },
  refused: { state: 'FAILED', name: 'content_filter' },
  invalid: { state: 'FAILED', name: 'invalid_request_error' },
};

/** How an attempt ends after an error of the client, not of the model; every phase would fail with it. */
export function endOfClientError(error: unknown): AttemptEnd {
  const { message, nextStep } = serializeError(error);
  return new AttemptEnd('QUEUED', `The model could not be called: ${message}`, {
    problem: {
      get message() {
        return t`The model could not be called: ${message}`;
      },
      nextStep,
    },
  });
}

/** How an attempt ends by an error of the model; `more` is a further sentence. */
export function endOfModelError(error: ModelError, more = ''): AttemptEnd {
  const { state, name, nextStep } = treatments[error.kind];
  const message = [error.message, more].filter((part) => part !== '').join(' ');
  const reason = `Model call failed (${name}): ${message}`;
  return new AttemptEnd(state, reason, {
    timedOut: error.kind === 'stalled',
    ...(nextStep === undefined
      ? {}
      : {
          problem: {
            message,
            get nextStep() {
              return nextStep();
            },
          },
        }),
  });
}
