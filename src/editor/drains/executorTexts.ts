import { t } from '../../core/text/l10n.ts';
import type { DescribedExecutor } from '../../node/drain/executors.ts';
import type { Builders } from '../builders/registerBuilders.ts';

/** The executor in words; `chatModel` is how a person calls the model of the editor that it asks. */
export function executorLabel(description: DescribedExecutor['description'], chatModel?: string): string {
  switch (description.name) {
    case 'autopack':
      return t`autopack (the project's own script, which calls language models)`;
    case 'endpoint':
      return t`endpoint (${description.model} at ${new URL(description.baseUrl).host})`;
    case 'vscode':
      return t`vscode (${chatModel ?? description.model.id}, a model of this VS Code)`;
    case 'example':
      return t`example (recorded answers: no model is called, samples count as synthetic)`;
  }
}

/** How files are written and checked, and what that needs; nothing where the executor's own program does it. */
export function writingFacts(
  name: string,
  {
    handsOff,
    runsPhaseTests,
  }: { readonly [Name in 'handsOff' | 'runsPhaseTests']: Pick<Builders[Name], 'isOn'> },
): { readonly writing: string | null; readonly needsWindow: boolean } {
  if (name !== 'endpoint' && name !== 'vscode') return { writing: null, needsWindow: false };
  const needsWindow = name === 'vscode' || !handsOff.isOn;
  const writing = [
    handsOff.isOn ? t`Written without asking (hands-off).` : t`You are asked before each phase writes.`,
    runsPhaseTests.isOn ? t`Tests of phases are run.` : t`Tests of phases are not run.`,
    ...(needsWindow ? [t`It stops where no window is open for a minute.`] : []),
  ].join(' ');
  return { writing, needsWindow };
}
