import { chooseHost, hostChoice } from '../host/chooseHost.ts';
import type { VsCodeHost } from '../host/vsCodeHost.ts';

let chosen: Promise<VsCodeHost> | undefined;

/** The host of the integration tests: looked for (or downloaded) once, the same for all stages. */
export function testHost(): Promise<VsCodeHost> {
  chosen ??= chooseHost(hostChoice());
  return chosen;
}
