import { dirname } from 'node:path';
import { resourceError, UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';

/** What a failed file operation on a database means to a person; anything unforeseen is given back as it is. */
export function fileError(error: unknown, path: string): unknown {
  switch (errnoCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserFacingError('not-found', t`There is no file ${path}.`, t`Check the path.`, {
        cause: error,
      });
    case 'EISDIR':
      return new UserFacingError(
        'not-a-file',
        t`${path} is a folder, not a file.`,
        t`Name a file in it, or move it away.`,
        {
          cause: error,
        },
      );
    case 'ELOOP':
      return new UserFacingError(
        'unreadable',
        t`${path} is a link that leads to no file, or may not be followed here.`,
        t`Remove it, or name another file.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
      return new UserFacingError(
        'no-permission',
        t`Access to ${path} was denied.`,
        t`Give your user the permission for the file and its folder, then try again.`,
        { cause: error },
      );
    case 'EROFS':
      return new UserFacingError(
        'no-permission',
        t`${path} lies on a file system that cannot be written.`,
        t`Copy it to a place you can write to, and select the copy.`,
        { cause: error },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserFacingError(
        'disk-full',
        t`There is no space left to write ${path}.`,
        t`Free some space on that disk, then try again.`,
        { cause: error },
      );
    case 'ENAMETOOLONG':
      return new UserFacingError(
        'invalid-argument',
        t`${path} is too long for a name here.`,
        t`Give it a shorter name.`,
        { cause: error },
      );
    case undefined:
      return resourceError(error) ?? error;
    default:
      return resourceError(error) ?? (isOfDevice(error) ? deviceError(error, path) : error);
  }
}

/** What devices, networks and the kernel's own files say when something is read or written. */
const deviceCodes: readonly (string | undefined)[] = [
  ...['EIO', 'EAGAIN', 'EINVAL', 'ENXIO', 'ENODEV', 'EOVERFLOW'],
  ...['ESTALE', 'ETIMEDOUT', 'ECONNRESET', 'ENOTCONN', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOMEDIUM'],
];

function isOfDevice(error: unknown): error is Error {
  return deviceCodes.includes(errnoCode(error));
}

function deviceError(error: Error, path: string): UserFacingError {
  return new UserFacingError(
    'unreadable',
    t`${path} cannot be read or written: ${error.message}.`,
    t`Check the disk or the connection to it, then try again.`,
    { cause: error },
  );
}

/** The code of a Node system error (`ENOENT`), if it is one. */
export function errnoCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

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
        t`There is no folder ${folder}.`,
        t`Make the folder first, or choose another place.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refused(
        'no-permission',
        t`${path} cannot be written: access was denied.`,
        t`Choose another folder, or give your user the permission to write there.`,
      );
    case 'EISDIR':
      return refused('no-permission', t`${path} is a folder.`, t`Choose another name.`);
    case 'EBUSY':
      return refused(
        'no-permission',
        t`${path} is in use by another program.`,
        t`Close it there, or choose another name.`,
      );
    case undefined:
    default:
      return fileError(error, path);
  }
}
