import * as vscode from 'vscode';
import { beginsDatabase } from '../../core/db/databaseHeader.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { Sha256Hex } from '../../core/identity/schemaFacts.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { exportChunks } from '../../reader/exportChunks.ts';
import { exportNote, exportNotePath, foreignNote, isExportNote, needsNote } from '../../reader/exportNote.ts';
import { pathOfUri, uriOfPath } from '../database/virtualPaths.ts';
import type { ExportFiles } from './telemetryParts.ts';

/** Exports through the editor's own file systems, whole: there is no other way to a file in a browser. */
export function virtualExports(clock: ClockPort, sha256: Sha256Hex): ExportFiles {
  const { fs } = vscode.workspace;
  return {
    sha256,
    besideDatabase: (path, fileName) => vscode.Uri.joinPath(uriOfPath(path), '..', fileName),
    async refuseDatabase(target, path) {
      const isOfOne = companions.some((suffix) => pathOfUri(target) === path + suffix);
      if (!isOfOne && !beginsDatabase(await bytesOf(target))) return;
      throw new UserFacingError(
        'invalid-argument',
        t`The export cannot be written there.`,
        t`Choose a file that does not belong to the database.`,
      );
    },
    async write(request, target, exported, signal) {
      const { database, format, filter } = request;
      const note = target.with({ path: exportNotePath(target.path) });
      const old = needsNote(format) ? await textOf(note) : null;
      if (old !== null && !isExportNote(old)) throw foreignNote(note.path);
      const parts: string[] = [];
      for await (const part of exportChunks(request, exported, signal)) {
        if (signal.aborted) throw new CancelledError(t`The export`);
        parts.push(part);
      }
      await fs.writeFile(target, new TextEncoder().encode(parts.join('')));
      if (!needsNote(format)) return null;
      const { samples: events, of } = exported;
      const facts = { database, exportedAt: clock.now(), events, of, filter };
      const content = exportNote(target.path, facts, old !== null);
      if (content === null) return null;
      await fs.writeFile(note, new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`));
      return note.path;
    },
  };
}

const companions = ['', '-wal', '-shm', '-journal'];

/** Nothing where there is no such file, or what cannot be read and so not be replaced. */
async function bytesOf(uri: vscode.Uri): Promise<Uint8Array> {
  return vscode.workspace.fs.readFile(uri).then(
    (bytes) => bytes,
    () => new Uint8Array(),
  );
}

/** `null` where there is no such file. */
async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}
