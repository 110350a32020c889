import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseStem } from '../../node/system/databaseName.ts';
import type { PictureFormat, PictureOf, TelemetryPicture } from '../../protocol/telemetryProtocol.ts';
import { besideDatabase } from '../database/guardFolder.ts';
import { offerToOpen, refuseDatabase } from './exportTelemetry.ts';

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
export async function savePicture({ of, format, data }: TelemetryPicture, path: string): Promise<void> {
  const file = `${databaseStem(path)}-${names[of]}.${format}`;
  const bytes = bytesOf(format, data);
  const target = await vscode.window.showSaveDialog({
    title: t`Save Picture`,
    defaultUri: besideDatabase(path, file),
    filters: filters[format],
  });
  if (target === undefined) return;
  refuseDatabase(target, path);
  await vscode.workspace.fs.writeFile(target, bytes);
  await offerToOpen(target, t`Saved as ${basename(target.fsPath)}.`);
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Throws `invalid-argument` for what is no picture: whatever the page sends, nothing else becomes a file. */
function bytesOf(format: PictureFormat, data: string): Uint8Array {
  const bytes = Buffer.from(data, format === 'png' ? 'base64' : 'utf8');
  const isPicture =
    format === 'png' ? bytes.subarray(0, pngSignature.length).equals(pngSignature) : data.startsWith('<svg ');
  if (isPicture) return bytes;
  throw new UserFacingError('invalid-argument', t`The chart could not be drawn.`, t`Try again.`);
}
