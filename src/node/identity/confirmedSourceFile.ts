import { dirname } from 'node:path';
import type * as z from 'zod';
import {
  confirmedSourceList,
  sourceChanges,
  watchedSources,
  withConfirmed,
  type ConfirmedSource,
  type SourceChange,
  type WatchedSource,
} from '../../core/identity/confirmedSources.ts';
import type { DatabaseSource } from '../../core/identity/databaseSource.ts';
import type { Environment } from '../../core/identity/dotenvFile.ts';
import { shellCommand } from '../../core/text/shellCommand.ts';
import { t } from '../../core/text/l10n.ts';
import { JsonFile } from '../system/jsonFile.ts';
import { databaseUrlSources } from './databaseUrlSources.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';

/** How a person confirms what changed, for whoever cannot be asked: in that folder (absolute), about that database (absolute). */
export function confirmSourcesStep(workspaceFolder: string, databasePath: string): string {
  const words = ['autopack-hygiene', 'doctor', '--confirm-sources', '--database', databasePath];
  return t`Ask a person to look at it and confirm it: at a terminal of their own, in ${workspaceFolder}, with ${shellCommand(words)}, or in the Identity view of VS Code.`;
}

/** What there is to compare with what was confirmed. */
export interface LookedAtSources {
  readonly sources: readonly DatabaseSource[];
  /** For values that refer to variables. */
  readonly environment: Environment;
  /** Whether settings of an editor are among the sources. */
  readonly seesSettings: boolean;
}

/** What changed, and what there is now. */
export interface SourceComparison {
  readonly changes: readonly SourceChange[];
  readonly now: readonly WatchedSource[];
}

/** What a person last confirmed of the sources of one workspace folder, in one small file beside the pins. */
export class ConfirmedSourceFile {
  readonly #workspaceFolder: string;
  readonly #file: JsonFile<z.output<typeof confirmedSourceList>>;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#file = new JsonFile(hygieneFolderOf(workspaceFolder), 'sources.json', {
      schema: confirmedSourceList,
      longest: 1 << 20,
    });
  }

  /** Compares, and changes nothing. */
  async compare({ sources, environment, seesSettings }: LookedAtSources): Promise<SourceComparison> {
    const confirmed = await this.#read();
    const now = watchedSources(sources);
    const looked = new Set(now.map(({ place }) => place));
    // Another window, with other folders, may have looked at more files than are looked at here.
    const others = new Set(
      (confirmed ?? []).flatMap(({ kind, place }) =>
        kind === 'dotenv' && !looked.has(place) ? [place] : [],
      ),
    );
    const dotenvFiles = [...others].map((file) => ({ file, baseFolder: dirname(file) }));
    const further = await databaseUrlSources({ folders: [], environment, dotenvFiles });
    const all = [
      ...now,
      // Where the values lead is not asked here.
      ...watchedSources(further.map((source) => ({ ...source, target: { kind: 'invalid', message: '' } }))),
    ];
    return { changes: sourceChanges(confirmed, all, seesSettings), now: all };
  }

  /** Takes what is first seen for confirmed: to be called with the first write of a folder. */
  async beginWith({ now }: SourceComparison, confirmedAt: number): Promise<void> {
    if ((await this.#read()) !== null) return;
    await this.#write(now.map((each) => ({ ...each, confirmedAt })));
  }

  /** A person has looked at those changes. `now` and `changes` are what {@link compare} gave, or a part of it. */
  async confirm({ now, changes }: SourceComparison, confirmedAt: number): Promise<void> {
    await this.#write(withConfirmed((await this.#read()) ?? [], now, changes, confirmedAt));
  }

  /** Of a file that cannot be read nothing is known: all that is there is new then, and is asked about. */
  async #read(): Promise<readonly ConfirmedSource[] | null> {
    try {
      return (await this.#file.read())?.sources ?? null;
    } catch {
      return [];
    }
  }

  async #write(sources: readonly ConfirmedSource[]): Promise<void> {
    await makeHygieneFolder(this.#workspaceFolder);
    await this.#file.write({ version: 1, sources: [...sources] });
  }
}
