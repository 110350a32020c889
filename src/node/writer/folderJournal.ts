import { lstat, rename } from 'node:fs/promises';
import { UserFacingError } from '../../core/errors.ts';
import {
  acceptedOperation,
  journalLine,
  parseJournalLine,
  type JournalEntry,
  type LastChange,
} from '../../core/identity/journalEntry.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { hygieneFolderOf, makeHygieneFolder } from '../system/hygieneFolder.ts';
import type { OwnFolder } from '../system/ownFolder.ts';
import { readFileEnd, tooLarge } from '../system/regularFile.ts';
import { openOwnFile } from '../system/replaceFile.ts';

const fileName = 'journal.jsonl';
/** A journal that grew too long, by when that was noticed: ms since the epoch. */
const rotatedName = /^journal-(\d{13})\.jsonl$/;
/** When the file is put aside, in bytes. A line takes about 500. */
const longest = 1 << 20;
/** No program of ours lets one grow so far, in bytes: what was appended while it was put aside makes it a little longer. */
const mostBytes = 4 << 20;
/** How many files that were put aside are kept. */
const keptFiles = 3;
/** How much of the end is read to find the last lines of a database, in bytes. */
const tailBytes = 256 << 10;
/** No line of ours is longer, in UTF-16 units. */
const longestLine = 32 << 10;
/** How many changes that have no line are looked for at a time. */
const mostMissing = 100;

/** The journal of a folder as it was read. */
export interface FolderChanges {
  /** In the order in which they were written. */
  readonly entries: readonly JournalEntry[];
  /** Lines that are none, such as one that was cut off by a crash. */
  readonly unreadable: number;
}

/**
 * What this product changed from a workspace folder, a line each, beside its pins: every program appends to it, and none
 * changes what is there. Files that were put in its place are not followed, nor written to.
 */
export class FolderJournal {
  /** Absolute. */
  readonly path: string;
  readonly #workspaceFolder: string;
  readonly #folder: OwnFolder;

  /** `workspaceFolder` is absolute. */
  constructor(workspaceFolder: string) {
    this.#workspaceFolder = workspaceFolder;
    this.#folder = hygieneFolderOf(workspaceFolder);
    this.path = this.#folder.file(fileName);
  }

  /**
   * Adds a line, and before it those of earlier changes that should have one and have none, because a program was killed
   * between its commit and its line or the disk was full: `earlier` gives the changes before this one, the last first.
   * Throws `unreadable`, `no-permission`, `disk-full`.
   */
  async add(entry: JournalEntry, earlier: (limit: number) => readonly JournalEntry[]): Promise<void> {
    const tail = await this.#tail();
    if (tail === null) await makeHygieneFolder(this.#workspaceFolder);
    const missing = this.#missing(entry, tail ?? '', earlier);
    const start = tail === null || tail === '' || tail.endsWith('\n') ? '' : '\n';
    await this.#append(`${start}${[...missing, entry].map((each) => `${journalLine(each)}\n`).join('')}`);
  }

  /** All that the folder remembers, oldest first; nothing without a journal. Throws what {@link OwnFolder.read} throws. */
  async read(): Promise<FolderChanges> {
    const names = await this.#folder.list();
    const files = [...names.filter((name) => rotatedName.test(name)).sort(), fileName];
    const texts = await Promise.all(files.map((name) => this.#folder.read(name, mostBytes)));
    const lines = texts.flatMap((text) => text?.split('\n') ?? []).filter((line) => line !== '');
    const entries = lines.flatMap((line) => parseJournalLine(line) ?? []);
    return { entries, unreadable: lines.length - entries.length };
  }

  /**
   * The last change of each of these databases (ids) that this folder made, since somebody last said which state is the
   * right one; those it has no line of are left out. Never rejects: who cannot read it knows nothing.
   */
  async lastChanges(databases: readonly string[]): Promise<ReadonlyMap<string, LastChange>> {
    const found = new Map<string, LastChange>();
    if (databases.length === 0) return found;
    const tail = await this.#tail().catch(() => null);
    for (const line of (tail ?? '').split('\n')) {
      if (!databases.some((id) => line.includes(id))) continue;
      const entry = parseJournalLine(line);
      if (entry === null) continue;
      const { database, serial, mark, operation } = entry;
      const known = found.get(database)?.serial ?? 0;
      // Two programs at once may write their lines in the wrong order.
      if (operation === acceptedOperation || serial > known) found.set(database, { serial, mark });
    }
    return found;
  }

  /** The changes from this folder and machine that lie right before an entry and have no line, oldest first. */
  #missing(
    entry: JournalEntry,
    tail: string,
    earlier: (limit: number) => readonly JournalEntry[],
  ): JournalEntry[] {
    const { author, folder, database } = entry;
    // A database may hold any rows: none speaks of another one here, nor at length.
    const isOurs = (each: JournalEntry): boolean =>
      each.folder === folder &&
      each.author.host === author.host &&
      each.database === database &&
      journalLine(each).length <= longestLine;
    const lines = tail.split('\n');
    const hasLine = ({ mark }: JournalEntry): boolean =>
      lines.some((line) => line.includes(mark) && parseJournalLine(line)?.mark === mark);
    const [last] = earlier(1);
    if (last === undefined || !isOurs(last) || hasLine(last)) return [];
    const ours = earlier(mostMissing).filter(isOurs);
    const known = ours.findIndex(hasLine);
    return (known === -1 ? ours : ours.slice(0, known)).reverse();
  }

  /** The end of the file, from the first line that is whole; `null` without one. */
  async #tail(): Promise<string | null> {
    if (!(await this.#folder.exists())) return null;
    try {
      return await readFileEnd(this.path, tailBytes);
    } catch (error) {
      if (errnoCode(error) === 'ENOENT') return null;
      throw fileError(error, this.path);
    }
  }

  /** Appends in one call, so that the lines of two programs do not mix. */
  async #append(text: string): Promise<void> {
    try {
      const file = await openOwnFile(this.path, 'append');
      try {
        const { size: before, ino } = await file.stat();
        if (before > mostBytes) throw tooLarge(this.path, mostBytes);
        await file.appendFile(text);
        if (before + text.length > longest) await this.#rotate(ino);
      } finally {
        await file.close();
      }
    } catch (error) {
      throw error instanceof UserFacingError ? error : fileError(error, this.path);
    }
  }

  /** Puts the file of that number aside; whatever goes wrong, it only grows until the next time. */
  async #rotate(ino: number): Promise<void> {
    const now = await lstat(this.path).catch(() => null);
    // Another program has just done it.
    if (now?.ino !== ino) return;
    const aside = this.#folder.file(`journal-${Date.now()}.jsonl`);
    await rename(this.path, aside).catch(() => undefined);
    const names = (await this.#folder.list()).filter((name) => rotatedName.test(name)).sort();
    await Promise.all(names.slice(0, -keptFiles).map((name) => this.#folder.remove(name)));
  }
}
