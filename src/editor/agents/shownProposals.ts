import { UserFacingError } from '../../core/errors.ts';
import { isBulkChange, readOnlyRefused, requirementOf, writeNames } from '../../core/identity/protection.ts';
import { levelNames } from '../../core/model/protectionLevel.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { WriteProposal } from '../../node/agentTools/agentTool.ts';

/** How long a confirmation holds, in ms: a person thinks about it, and then VS Code calls at once. */
const shownMs = 10 * 60_000;

/**
 * What VS Code was given to show to a person, by tool, each for one call: VS Code calls a tool only where the person agreed to
 * what was shown last.
 */
export class ShownProposals {
  readonly #clock: Pick<ClockPort, 'now'>;
  readonly #shown = new Map<string, { readonly digest: string; readonly at: number }>();

  constructor(clock: Pick<ClockPort, 'now'>) {
    this.#clock = clock;
  }

  /** To be shown; throws where the protection of the database wants more than VS Code's confirmation. */
  show(tool: string, proposal: WriteProposal): void {
    requireLevel(proposal);
    this.#shown.set(tool, { digest: proposal.digest, at: this.#clock.now() });
  }

  /**
   * Takes the consent to a write, once. Throws `needs-consent` where nothing was shown, `changed` where something else was, and
   * what {@link show} throws.
   */
  take(tool: string, proposal: WriteProposal): void {
    requireLevel(proposal);
    const shown = this.#shown.get(tool);
    this.#shown.delete(tool);
    if (shown === undefined || this.#clock.now() - shown.at > shownMs) throw notShown();
    if (shown.digest !== proposal.digest) throw changed();
  }
}

function requireLevel({ operation, path, rows, expected: { level } }: WriteProposal): void {
  const isBulk = isBulkChange(operation, rows);
  const required = requirementOf({ level, operation, isBulk, requester: 'agent', consent: 'yes' });
  if (required === 'nothing') return;
  if (required === 'refused') throw readOnlyRefused(writeNames()[operation], path);
  throw new UserFacingError(
    'needs-approval',
    t`${writeNames()[operation]} is refused: ${path} is protected (${levelNames()[level]}), and a tool cannot type its name.`,
    t`Ask a person to do it themselves: in the Autopack views of VS Code, or at a terminal.`,
  );
}

function notShown(): UserFacingError {
  return new UserFacingError(
    'needs-consent',
    t`Nothing was written: no person confirmed this call.`,
    t`Call the tool through the chat of VS Code, which asks a person.`,
  );
}

function changed(): UserFacingError {
  return new UserFacingError(
    'changed',
    t`Nothing was written: the database, or what would be done, changed since a person confirmed it.`,
    t`Call the tool again: a person is asked again.`,
  );
}
