import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PostgresLocation } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { readIfThere } from '../system/regularFile.ts';

/** In bytes. */
const longest = 1 << 20;
/** Folders of sockets that libpq is built with, for which `localhost` stands in a password file. */
const socketFolders = ['/tmp', '/var/run/postgresql', '/run/postgresql'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The password for a connection as libpq takes it where none is given: that of PGPASSWORD, else that of the first line that
 * matches in the file of PGPASSFILE or `~/.pgpass` (https://www.postgresql.org/docs/current/libpq-pgpass.html); empty where
 * there is none. An empty one counts for nothing. Throws `no-permission` for a file that others may read, which does not count.
 */
export async function knownPassword(
  location: PostgresLocation,
  environment: Environment = process.env,
): Promise<string> {
  const { PGPASSWORD: given = '' } = environment;
  if (given !== '') return given;
  const path = passwordFile(environment);
  const text = await readIfThere(path, longest, { followLinks: true }).catch(() => null);
  if (text === null) return '';
  const password = passwordIn(text, location);
  if (password !== '' && process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new UserFacingError(
      'no-permission',
      t`The password file ${path} is not used: others than its owner may read it.`,
      t`Close it to them (chmod 0600 ${path}), then try again.`,
    );
  }
  return password;
}

function passwordFile({ PGPASSFILE: named = '', APPDATA: data = '' }: Environment): string {
  if (named !== '') return named;
  return process.platform === 'win32' ? join(data, 'postgresql', 'pgpass.conf') : join(homedir(), '.pgpass');
}

/** The password of the first line that matches; empty where none does. */
function passwordIn(text: string, { host, port, database, user }: PostgresLocation): string {
  const hosts = socketFolders.includes(host) ? [host, 'localhost'] : [host];
  const wanted = [hosts, [String(port)], [database], [user]];
  for (const line of text.split('\n')) {
    // Fields with their escapes: a colon or a backslash is meant as it stands behind a backslash. A fifth
    // colon ends the password.
    const found =
      /^((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^\\:])*):((?:\\.|[^:])*)/.exec(
        line.replace(/\r$/, ''),
      );
    if (line.startsWith('#') || found === null) continue;
    const [, ...fields] = found;
    const isOurs = wanted.every((values, index) => {
      const field = fields[index] ?? '';
      return field === '*' || values.includes(unescaped(field));
    });
    if (isOurs) return unescaped(fields[4] ?? '');
  }
  return '';
}

function unescaped(field: string): string {
  return field.replaceAll(/\\(.)/g, '$1');
}
