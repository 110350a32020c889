import { formatAnswer } from '../../../src/core/builders/answerFormat.ts';
import type { AskedModel } from './modelServer.ts';
import type { ModelAnswer, ScriptedUsage } from './modelAnswer.ts';

/** The boundary and the files that a builder asked for. */
export function requestedFiles({ system, messages }: Pick<AskedModel, 'system' | 'messages'>): {
  readonly boundary: string;
  readonly paths: readonly string[];
} {
  const boundary = /the boundary ([a-z0-9]+)/.exec(system)?.[1] ?? '';
  const [, list = ''] =
    new RegExp(`@@@ DATA ${boundary} files to write\\n([\\s\\S]*?)\\n@@@ END`).exec(
      messages[0]?.text ?? '',
    ) ?? [];
  return { boundary, paths: list.split('\n').map((line) => line.replace(/^- /, '')) };
}

/** A file that is what its name says, and parses. */
export function plausibleContent(path: string): string {
  if (path.endsWith('.py')) return pythonFile(path);
  if (path.endsWith('.json')) return '{}\n';
  return `# ${path.split('/').at(-1) ?? path}\n\nWritten by a model.\n`;
}

function pythonFile(path: string): string {
  const isTest = /(^|\/)test_/.test(path);
  return isTest ? 'def test_it():\n    assert 1 + 1 == 2\n' : 'def answer():\n    return 42\n';
}

/** An answer with all the files that were asked for; the usage is reported as given, by default by length. */
export function builtAnswer(asked: AskedModel, usage?: ScriptedUsage): ModelAnswer {
  const { boundary, paths } = requestedFiles(asked);
  const text = formatAnswer(
    paths.map((path) => ({ path, content: plausibleContent(path) })),
    boundary,
  );
  return { kind: 'text', text, ...(usage === undefined ? {} : { usage }) };
}
