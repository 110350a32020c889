import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { UserFacingError } from '../../core/errors.ts';
import { readSetting } from '../settings.ts';

/** The URLs of the API servers that the settings name, by the address of each. */
export function configuredServers(): ReadonlyMap<string, string> {
  return new Map(readSetting('apiServers').map((url) => [serverAddress(url), url]));
}

/** The URL of the server with an address, with whatever is secret in it. Throws `changed` where no setting names it any more. */
export function configuredUrl(address: string): string {
  const url = configuredServers().get(address);
  if (url !== undefined) return url;
  throw new UserFacingError(
    'changed',
    `The settings no longer name the API server ${address}.`,
    'Look at the servers in the Identity view.',
  );
}
