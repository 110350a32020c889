import { UserFacingError } from '../../core/errors.ts';
import { readSmallFile } from '../files/regularFile.ts';

/** In bytes; a key is a line. */
const longest = 64 << 10;

/**
 * The API key that an environment names, as Autopack reads it: the content of the file in `AUTOPACK_API_KEY_FILE` first,
 * then `AUTOPACK_API_KEY`; `undefined` where it names none. Fails with `unreadable` where the file cannot be read.
 */
export async function apiKeyOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const { AUTOPACK_API_KEY_FILE: file = '', AUTOPACK_API_KEY: key = '' } = environment;
  if (file.trim() === '') return key.trim() === '' ? undefined : key.trim();
  try {
    // Secrets are often mounted as links.
    return (await readSmallFile(file, longest, { followLinks: true })).trim();
  } catch (error) {
    throw new UserFacingError(
      'unreadable',
      `The API key in ${file}, which AUTOPACK_API_KEY_FILE names, cannot be read.`,
      'Correct that variable, or unset it and give the key by AUTOPACK_API_KEY.',
      { cause: error },
    );
  }
}
