import type { ClientConfig } from 'pg';
import type { PostgresLocation } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { errnoCode, fileError } from '../system/fileError.ts';
import { readSmallFile } from '../system/regularFile.ts';

/** The longest certificate or key that is read, in bytes: a bundle of all authorities of a system has a quarter of it. */
const longestCertificate = 1 << 20;

/** The values that `sslmode` may have, from the weakest to the strictest. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** What `sslmode` came to: whether what is sent is encrypted, and whether the server had to prove who it is. */
export type Encryption = 'none' | 'encrypted' | 'verified';

/**
 * The mode in force: that of the URL or of the environment, or what libpq, and with it psycopg2, takes without one. Throws
 * `invalid-url` for what is no mode, and for one that trusts a server unseen though its certificate is to be checked.
 */
export function sslModeOf({ parameters }: PostgresLocation): SslMode {
  const root = rootOf(parameters);
  // asyncpg calls it `ssl`; libpq takes `ssl=true`, too, for the sake of JDBC.
  const given = parameters.sslmode ?? parameters.ssl ?? fromEnvironment('PGSSLMODE');
  if (given === undefined) return root === 'system' ? 'verify-full' : 'prefer';
  const mode = given === 'true' && parameters.sslmode === undefined ? 'require' : given;
  const known = sslModes.find((each) => each === mode);
  if (known === undefined) throw wrongMode(t`${mode} is no sslmode`);
  if (root === 'system' && known !== 'verify-full') throw wrongMode(t`sslrootcert=system rules out ${known}`);
  return known;
}

function rootOf(parameters: PostgresLocation['parameters']): string | undefined {
  return parameters.sslrootcert ?? fromEnvironment('PGSSLROOTCERT');
}

function fromEnvironment(name: 'PGSSLMODE' | 'PGSSLROOTCERT'): string | undefined {
  const { [name]: value } = process.env;
  return value === '' ? undefined : value;
}

function wrongMode(what: string): UserFacingError {
  return new UserFacingError(
    'invalid-url',
    t`The connection is not made: ${what}.`,
    t`Use one of ${sslModes.join(', ')}, in the URL or in PGSSLMODE.`,
  );
}

/** A way to connect. */
export interface EncryptionAttempt {
  readonly ssl: ClientConfig['ssl'];
  readonly encryption: Encryption;
}

/**
 * What libpq tries, one after the other: https://www.postgresql.org/docs/current/libpq-ssl.html, table 32.1. Throws what
 * {@link sslModeOf} throws, `not-found` for a certificate or a key that is missing, and {@link readSmallFile} for one that cannot
 * be read.
 */
export async function encryptionAttempts(location: PostgresLocation): Promise<EncryptionAttempt[]> {
  const plain: EncryptionAttempt = { ssl: false, encryption: 'none' };
  if (location.host.startsWith('/')) return [plain];
  const mode = sslModeOf(location);
  const unverified: EncryptionAttempt = {
    ssl: { rejectUnauthorized: false, ...(await clientCertificate(location)) },
    encryption: 'encrypted',
  };
  const root = rootOf(location.parameters);
  switch (mode) {
    case 'disable':
      return [plain];
    case 'allow':
      return [plain, unverified];
    case 'prefer':
      return [unverified, plain];
    case 'require':
      // With a root certificate it is checked, for the sake of old programs.
      return [root === undefined ? unverified : await verified(location, false)];
    case 'verify-ca':
      return [await verified(location, false)];
    case 'verify-full':
      return [await verified(location, true)];
  }
}

async function verified(location: PostgresLocation, checksName: boolean): Promise<EncryptionAttempt> {
  const root = rootOf(location.parameters);
  return {
    ssl: {
      rejectUnauthorized: true,
      ...(root === undefined || root === 'system' ? {} : { ca: await readCertificate('sslrootcert', root) }),
      ...(checksName ? {} : { checkServerIdentity: () => undefined }),
      ...(await clientCertificate(location)),
    },
    encryption: 'verified',
  };
}

async function clientCertificate({ parameters }: PostgresLocation): Promise<{ cert?: string; key?: string }> {
  const { sslcert, sslkey } = parameters;
  return {
    ...(sslcert === undefined ? {} : { cert: await readCertificate('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: await readCertificate('sslkey', sslkey) }),
  };
}

/** By links too, as containers have their secrets. */
async function readCertificate(parameter: string, path: string): Promise<string> {
  try {
    return await readSmallFile(path, longestCertificate, { followLinks: true });
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(errnoCode(error) ?? '')) throw fileError(error, path);
    throw new UserFacingError(
      'not-found',
      t`The connection is not made: ${parameter} names ${path}, and there is no such file.`,
      t`Correct the path.`,
      { cause: error },
    );
  }
}

/** A server without encryption, or one that wants it: the other way may do. */
export function isAboutEncryption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /does not support SSL|SSL (?:off|on|encryption)|no encryption|ssl3?_|ERR_SSL|handshake/i.test(
    error.message,
  );
}
