import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { printable } from '../../core/text/printable.ts';
import { t } from '../../core/text/l10n.ts';
import { documentSchemes } from '../ids.ts';

/** Files that are shown as a diff, under a number of their own. */
export interface ShownProposal {
  readonly number: number;
  readonly title: string;
  readonly files: readonly {
    readonly path: string;
    /** `null`: the file is not there, or will not be. */
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

type Side = 'before' | 'after';

/**
 * Shows proposed files as they are and as they would become, from memory: what is shown is what was proposed, whatever
 * becomes of the files meanwhile.
 */
export class ProposalDocuments implements vscode.Disposable {
  readonly #shown = new Map<number, ShownProposal>();
  readonly #provider: vscode.Disposable;
  #lastNumber = 0;

  constructor() {
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(documentSchemes.proposal, {
      provideTextDocumentContent: (uri) => this.#textOf(uri),
    });
  }

  dispose(): void {
    this.#provider.dispose();
  }

  /** A number that no other has in this window. */
  newNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** Opens the diff: of one file in a diff editor, of several in one editor together. */
  async show(proposal: ShownProposal): Promise<void> {
    this.#shown.set(proposal.number, proposal);
    const { files, title } = proposal;
    const name = printable(title);
    const pairs = files.map((file, index): (vscode.Uri | undefined)[] => [
      uriOf(proposal, index, 'after'),
      file.before === null ? undefined : uriOf(proposal, index, 'before'),
      file.after === null ? undefined : uriOf(proposal, index, 'after'),
    ]);
    if (files.length === 1) {
      const options = { preview: false };
      await vscode.commands.executeCommand(
        'vscode.diff',
        uriOf(proposal, 0, 'before'),
        uriOf(proposal, 0, 'after'),
        name,
        options,
      );
      return;
    }
    await vscode.commands.executeCommand('vscode.changes', name, pairs);
  }

  /** Closes the diff, wherever it is open. */
  async close(number: number): Promise<void> {
    const open = vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter((tab) => proposalIn(tab) === number);
    this.#shown.delete(number);
    if (open.length > 0) await vscode.window.tabGroups.close(open);
  }

  #textOf({ query }: vscode.Uri): string {
    const [number, side, index] = query.split(' ');
    const file = this.#shown.get(Number(number))?.files[Number(index)];
    if (file === undefined) return expiredText();
    return (side === 'before' ? file.before : file.after) ?? '';
  }
}

/** What stands in a tab from before the window was reloaded. */
const expiredText = (): string => `${t`These changes are not proposed any more.`}\n`;

/** Both sides have the path of the file, by which the editor knows its language and its name. */
function uriOf({ number, files }: ShownProposal, index: number, side: Side): vscode.Uri {
  const path = `/${files[index]?.path ?? ''}`;
  return vscode.Uri.from({ scheme: documentSchemes.proposal, path, query: `${number} ${side} ${index}` });
}

/** What the API gives for an editor of several diffs, which its types do not name. */
const severalDiffs = lazily(() => {
  const side = z.object({ scheme: z.string(), query: z.string() }).optional();
  return z.object({ textDiffs: z.array(z.object({ original: side, modified: side })).min(1) });
});

/** The number of the proposal that a tab shows; `null` for any other tab. */
export function proposalIn({ input }: vscode.Tab): number | null {
  const uri = input instanceof vscode.TabInputTextDiff ? input.modified : firstOfSeveral(input);
  if (uri?.scheme !== documentSchemes.proposal) return null;
  return Number.parseInt(uri.query, 10);
}

function firstOfSeveral(input: unknown): { readonly scheme: string; readonly query: string } | undefined {
  if (typeof input !== 'object' || input === null || !('textDiffs' in input)) return undefined;
  const first = severalDiffs().safeParse(input).data?.textDiffs[0];
  return first?.modified ?? first?.original;
}
