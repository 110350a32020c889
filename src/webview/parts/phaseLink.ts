import type { PhaseKey } from '../../core/model/phase.ts';
import { html } from '../dom.ts';
import type { PageActions } from './pageActions.ts';

/** A phase by its name; where the database has it, a button that opens it. */
export function phaseLink(
  { runId, phaseId, known }: PhaseKey & { readonly known: boolean },
  actions: PageActions,
): Node | string {
  const name = `${runId} / ${phaseId}`;
  if (!known) return name;
  const open = (): void => actions.openPhase({ runId, phaseId });
  return html('button', { type: 'button', class: 'link', onclick: open }, name);
}
