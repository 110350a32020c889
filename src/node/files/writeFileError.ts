import { dirname } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import { errnoCode, fileError } from './fileError.ts';

/** What it means to a person that a new file could not be written; anything unforeseen is given back as it is. */
export function writeFileError(error: unknown, path: string): unknown {
  const folder = dirname(path);
  const refused = (code: 'not-found' | 'no-permission', message: string, nextStep: string): UserFacingError =>
    new UserFacingError(code, message, nextStep, { cause: error });
  switch (errnoCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refused(
        'not-found',
        `There is no folder ${folder}.`,
        'Make the folder first, or choose another place.',
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refused(
        'no-permission',
        `${path} cannot be written: access was denied.`,
        'Choose another folder, or give your user the permission to write there.',
      );
    case 'EISDIR':
      return refused('no-permission', `${path} is a folder.`, 'Choose another name.');
    case 'EBUSY':
      return refused(
        'no-permission',
        `${path} is in use by another program.`,
        'Close it there, or choose another name.',
      );
    case undefined:
    default:
      return fileError(error, path);
  }
}
