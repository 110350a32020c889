import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseStem } from '../../core/db/databaseName.ts';
import { fileName } from '../../core/db/pathParts.ts';
import type { PictureFormat, PictureOf, TelemetryPicture } from '../../protocol/telemetryProtocol.ts';
import type { ExportFiles } from './telemetryParts.ts';
import { offerToOpen } from './exportTelemetry.ts';

const names: Readonly<Record<PictureOf, string>> = {
  predictions: 'predictions',
  distribution: 'distribution',
  trend: 'trend',
};
const filters: Readonly<Record<PictureFormat, Readonly<Record<string, string[]>>>> = {
  png: { PNG: ['png'] },
  svg: { SVG: ['svg'] },
};

/** Asks where to, and writes a picture of a chart of the database at `path`. */
export async function savePicture(
  { of, format, data }: TelemetryPicture,
  path: string,
  files: ExportFiles,
): Promise<void> {
  const file = `${databaseStem(path)}-${names[of]}.${format}`;
  const bytes = bytesOf(format, data);
  const target = await vscode.window.showSaveDialog({
    title: t`Save Picture`,
    defaultUri: files.besideDatabase(path, file),
    filters: filters[format],
  });
  if (target === undefined) return;
  await files.refuseDatabase(target, path);
  await vscode.workspace.fs.writeFile(target, bytes);
  await offerToOpen(target, t`Saved as ${fileName(target.path)}.`);
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Throws `invalid-argument` for what is no picture: whatever the page sends, nothing else becomes a file. */
function bytesOf(format: PictureFormat, data: string): Uint8Array {
  const bytes = format === 'png' ? fromBase64(data) : new TextEncoder().encode(data);
  const isPicture =
    format === 'png' ? pngSignature.every((byte, at) => bytes[at] === byte) : data.startsWith('<svg ');
  if (isPicture) return bytes;
  throw new UserFacingError('invalid-argument', t`The chart could not be drawn.`, t`Try again.`);
}

/** Without bytes where the text is no Base64. */
function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
