import { lstat, readdir } from 'node:fs/promises';
import type { ContextFile } from '../../core/builders/builderPorts.ts';
import { checkContextPath, checkUnscoped, composed, quoted } from '../../core/builders/deliverablePaths.ts';
import type { PhaseBrief } from '../../core/model/phaseBrief.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { errnoCode } from '../system/fileError.ts';
import { nameOf, RefusedPath, type OpenedFolders } from './openedFolder.ts';

/** How much is shown of the files that are to be changed, and of those for reference, in UTF-16 units: about four to a token. */
const mostOfDeliverables = 400_000;
const mostOfContext = 120_000;
/** How much of one file is read, in bytes. */
const longestRead = 1 << 20;
/** How many files for reference are shown, how many entries of folders are looked at, and how deep. */
const mostFiles = 100;
const mostEntries = 2000;
const deepest = 8;

/** Reads what a phase may see: the deliverables that are there, and its read-only context. Sentences say what was left out. */
export async function readContext(
  brief: PhaseBrief,
  folders: OpenedFolders,
): Promise<{ readonly files: readonly ContextFile[]; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  const deliverables = brief.deliverables.slice(0, mostFiles).flatMap((path) => {
    const verdict = checkUnscoped(composed(path));
    return verdict.kind === 'allowed' ? [verdict.path] : [];
  });
  const current = await readAll(deliverables, folders, true, []);
  const context = await readAll(
    (await contextPaths(brief.readOnlyContext, folders, notes)).filter(
      (path) => !deliverables.includes(path),
    ),
    folders,
    false,
    notes,
  );
  return {
    files: [...cutToFit(current, mostOfDeliverables, notes), ...cutToFit(context, mostOfContext, notes)],
    notes,
  };
}

/** The files that are named, and those in folders that are, in their order. */
async function contextPaths(
  named: readonly string[],
  folders: OpenedFolders,
  notes: string[],
): Promise<string[]> {
  const found = new Set<string>();
  const left = { entries: mostEntries };
  for (const path of named.slice(0, mostEntries)) {
    const verdict = checkContextPath(composed(path));
    if (verdict.kind === 'refused') {
      notes.push(`Left out ${quoted(path)}: it ${verdict.reason}.`);
      continue;
    }
    for (const file of await filesAt(verdict.path, folders, left, 0).catch(refusedAs(verdict.path, notes))) {
      found.add(file);
    }
  }
  const all = [...found];
  if (all.length > mostFiles || named.length > mostEntries || left.entries <= 0) {
    notes.push(`Left out all but the first ${counted(Math.min(all.length, mostFiles), 'context file')}.`);
  }
  return all.slice(0, mostFiles);
}

async function filesAt(
  path: string,
  folders: OpenedFolders,
  left: { entries: number },
  depth: number,
): Promise<string[]> {
  const parent = await folders.folderOf(path);
  if (parent === null || !(await parent.has(nameOf(path)))) throw new RefusedPath('is not there');
  const stats = await lstat(parent.child(nameOf(path)));
  if (stats.isFile()) return [path];
  if (!stats.isDirectory()) throw new RefusedPath('is a symbolic link or a special file');
  const folder = await folders.folderOf(`${path}/`);
  if (folder === null) throw new RefusedPath('is not there');
  const entries = await readdir(folder.child('.'), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    left.entries -= 1;
    if (left.entries < 0) break;
    const inner = `${path}/${entry.name}`;
    if (checkContextPath(inner).kind === 'refused') continue;
    if (entry.isFile()) found.push(inner);
    else if (entry.isDirectory() && depth < deepest)
      found.push(...(await filesAt(inner, folders, left, depth + 1)));
  }
  return found;
}

async function readAll(
  paths: readonly string[],
  folders: OpenedFolders,
  isDeliverable: boolean,
  notes: string[],
): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  for (const path of paths) {
    const text = await readText(path, folders).catch(refusedAs(path, notes));
    if (typeof text === 'string') files.push({ path, text, isDeliverable });
  }
  return files;
}

async function readText(path: string, folders: OpenedFolders): Promise<string> {
  const folder = await folders.folderOf(path);
  if (folder === null || !(await folder.has(nameOf(path)))) throw new RefusedPath('is not there');
  const file = await folder.openFile(nameOf(path));
  try {
    const buffer = Buffer.alloc(Math.min(file.size + 1, longestRead));
    const bytes = buffer.subarray(0, await file.read(buffer, 0));
    if (bytes.includes(0)) throw new RefusedPath('is not text');
    return bytes.toString('utf8');
  } finally {
    file.close();
  }
}

function refusedAs(path: string, notes: string[]): (error: unknown) => never[] {
  return (error) => {
    const reason = error instanceof RefusedPath ? error.message : errnoCode(error);
    if (reason === undefined) throw error;
    notes.push(
      `Left out ${quoted(path)}: it ${error instanceof RefusedPath ? reason : `cannot be read (${reason})`}.`,
    );
    return [];
  };
}

/** Cuts the largest files to one length, the greatest by which all fit. */
function cutToFit(files: readonly ContextFile[], most: number, notes: string[]): ContextFile[] {
  let room = most;
  let share = 0;
  const lengths = files.map(({ text }) => text.length).sort((a, b) => a - b);
  for (const [index, length] of lengths.entries()) {
    share = Math.floor(room / (lengths.length - index));
    if (length > share) break;
    room -= length;
    share = Infinity;
  }
  return files.map((file) => {
    if (file.text.length <= share) return file;
    notes.push(
      `Cut ${quoted(file.path)} to ${formatCount(share)} of ${formatCount(file.text.length)} characters.`,
    );
    return { ...file, text: `${file.text.slice(0, share).replace(/[\ud800-\udbff]$/, '')}\n[cut here]\n` };
  });
}
