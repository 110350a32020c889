import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import { configuredServers, type ApiKeys } from '../apiServers/apiKeys.ts';
import { executeCommand, type CommandHandlers } from '../commands/registerCommand.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';
import type { DriftMonitor } from './driftMonitor.ts';

/** What setting a key needs. */
export interface ApiKeyDeps {
  readonly apiKeys: ApiKeys;
  readonly monitor: Pick<DriftMonitor, 'refresh' | 'report'>;
  readonly errors: ErrorReporter;
}

/** The command that stores the API key of a server, replaces it, or removes it. */
export function apiKeyCommand(deps: ApiKeyDeps): CommandHandlers<'setApiKey'> {
  return { setApiKey: (target) => setApiKey(target?.url, deps) };
}

async function setApiKey(url: string | undefined, deps: ApiKeyDeps): Promise<void> {
  const address = url ?? (await chooseServer(deps.apiKeys));
  if (address === undefined) return;
  const isStored = (await deps.apiKeys.stored(address)) !== undefined;
  const change = isStored ? await chooseChange(address) : 'replace';
  if (change === 'replace') await askForKey(address, deps);
  else if (change === 'remove') await removeKey(address, deps);
}

/** The address of a server that the settings name. */
async function chooseServer(apiKeys: ApiKeys): Promise<string | undefined> {
  const addresses = [...configuredServers().keys()];
  if (addresses.length === 0) {
    const openSettings = t`Open Settings`;
    const pressed = await safeWindow.showInformationMessage(
      t`No API servers are configured. Add one to the settings first.`,
      openSettings,
    );
    if (pressed === openSettings)
      await vscode.commands.executeCommand('workbench.action.openSettings', '@id:autopackHygiene.apiServers');
    return undefined;
  }
  if (addresses.length === 1) return addresses[0];
  const items = addresses.map(async (address) => ({
    label: address,
    description: (await apiKeys.stored(address)) === undefined ? '' : t`API key stored`,
  }));
  const picked = await safeWindow.showQuickPick(await Promise.all(items), {
    title: t`Set API Key`,
    placeHolder: t`Select the API server`,
  });
  return picked?.label;
}

async function chooseChange(address: string): Promise<'replace' | 'remove' | undefined> {
  const items = [
    { label: t`Replace API Key…`, change: 'replace' },
    { label: t`Remove API Key`, change: 'remove' },
  ] as const;
  const picked = await safeWindow.showQuickPick(items, {
    title: t`Set API Key`,
    placeHolder: t`An API key is stored for ${address}`,
  });
  return picked?.change;
}

async function askForKey(address: string, deps: ApiKeyDeps): Promise<void> {
  const { apiKeys, monitor, errors } = deps;
  const key = await safeWindow.showInputBox({
    title: t`API key of ${address}`,
    prompt: t`Sent to this server only, as X-API-Key. Kept in VS Code's secret storage.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  if (key === undefined) return;
  await apiKeys.store(address, key.trim());
  await monitor.refresh();
  if (!isRefused(address, monitor)) {
    errors.watch(safeWindow.showInformationMessage(t`API key stored for ${address}.`));
    return;
  }
  const again = t`Set API Key…`;
  const shown = safeWindow.showWarningMessage(t`${address} does not accept this API key.`, again);
  errors.watch(
    shown.then(async (pressed) => {
      if (pressed === again) await executeCommand('setApiKey', { url: address });
    }),
  );
}

async function removeKey(address: string, { apiKeys, monitor, errors }: ApiKeyDeps): Promise<void> {
  await apiKeys.remove(address);
  errors.watch(safeWindow.showInformationMessage(t`API key of ${address} removed.`));
  await monitor.refresh();
}

/** What a header can hold (RFC 9110, "Field Values"), which is what a key is sent in. */
function problemOf(key: string): string | undefined {
  const trimmed = key.trim();
  if (trimmed === '') return t`Enter the API key.`;
  return /^[\x20-\x7e]+$/.test(trimmed) ? undefined : t`An API key consists of printable ASCII characters.`;
}

function isRefused(address: string, { report }: Pick<DriftMonitor, 'report'>): boolean {
  return report.sources.some(
    ({ source: { origin, target } }) =>
      origin.kind === 'api-server' &&
      origin.url === address &&
      target.kind === 'server' &&
      target.isRefusing === true,
  );
}
