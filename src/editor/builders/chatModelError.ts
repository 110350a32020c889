import * as vscode from 'vscode';
import type { ModelErrorKind } from '../../core/builders/modelPort.ts';
import { printable } from '../../core/text/printable.ts';
import type { FollowerAnswer } from '../../protocol/followerProtocol.ts';

type ChatModelFailure = Extract<FollowerAnswer, { kind: 'model-error' }>;

/** Texts of the model's provider, in whose words everything comes that the API has no code for. */
const patterns: readonly (readonly [pattern: RegExp, kind: ChatModelFailure['error']])[] = [
  [/rate.?limit|too many requests|\b429\b/i, 'rate-limit'],
  [/quota|billing|credits|allowance|premium requests/i, 'quota'],
  [/overloaded|capacity|\b(?:503|529)\b/i, 'overloaded'],
  [
    /context.?(?:length|window)|too (?:long|large)|token limit|max(?:imum)? (?:prompt|context)/i,
    'context-length',
  ],
  [/filter|policy|off.?topic|refus/i, 'refused'],
  [/network|socket|ECONN|ETIMEDOUT|ENOTFOUND|fetch failed|disconnect/i, 'disconnected'],
];

/** What to do about what no further call can pass. */
const nextSteps: Readonly<Partial<Record<ModelErrorKind, string>>> = {
  'no-consent':
    'Run "Manage Language Model Access" and allow Autopack Hygiene to use it, or choose another model, then resume the drain.',
  'unknown-model': 'Run "Autopack: Choose Chat Model…", then drain again.',
  quota: 'Wait until it is there again, or choose another model, then resume the drain.',
};

/** An error of the language model API as a drain understands it. `model` names it for a person. */
export function chatModelFailure(error: unknown, model: string): Pick<ChatModelFailure, 'error' | 'message'> {
  const kind = kindOf(error);
  const said = printable(textOf(error), 200).replace(/(?<![.\s])[.\s]+$/, '');
  const next = nextSteps[kind];
  const message = `${printable(model, 100)}: ${said === '' ? 'the call failed' : said}.${next === undefined ? '' : ` ${next}`}`;
  return { error: kind, message: message.slice(0, 500) };
}

function kindOf(error: unknown): ChatModelFailure['error'] {
  const text = `${nameOf(error)} ${textOf(error)}`;
  const byText = patterns.find(([pattern]) => pattern.test(text))?.[1];
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  switch (code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return 'no-consent';
    case vscode.LanguageModelError.NotFound.name:
      return 'unknown-model';
    case vscode.LanguageModelError.Blocked.name:
      // The API says so for a quota that is used up; providers do for answers they filter, too.
      return byText ?? 'quota';
    default:
      return byText ?? 'invalid';
  }
}

/** What went wrong inside of the provider stands in the cause. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return error.message === '' ? cause : error.message;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.cause instanceof Error ? `${error.name} ${error.cause.name}` : error.name;
}
