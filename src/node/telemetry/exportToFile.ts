import type { ClockPort } from '../../core/ports.ts';
import { exportChunks, type ExportedSamples, type TelemetryExport } from '../../reader/exportChunks.ts';
import { needsNote } from '../../reader/exportNote.ts';
import { refuseForeignNote, writeExport, writeExportNote, type ExportTarget } from './writeExport.ts';

/**
 * Writes an export into a file, and beside it what its format has no place for. Resolves to the path of that note, `null`
 * where there is none. Rejects as {@link writeExport} and {@link refuseForeignNote} do.
 */
export async function exportToFile(
  request: TelemetryExport,
  target: Pick<ExportTarget, 'path' | 'overwrite'>,
  exported: ExportedSamples,
  clock: ClockPort,
  signal?: AbortSignal,
): Promise<string | null> {
  const { database, format, filter } = request;
  if (needsNote(format)) await refuseForeignNote(target.path);
  await writeExport({ ...target, database }, exportChunks(request, exported, signal), signal);
  if (!needsNote(format)) return null;
  const { samples: events, of } = exported;
  return writeExportNote(target.path, { database, exportedAt: clock.now(), events, of, filter });
}
