import * as vscode from 'vscode';
import { telemetryPageHtml } from '../../protocol/telemetryPageHtml.ts';
import { parseTelemetryPageMessage } from '../../protocol/telemetryPageMessage.ts';
import { telemetryHostMessage, type TelemetryHostBody } from '../../protocol/telemetryProtocol.ts';
import type { DisposableStore } from '../window/disposableStore.ts';
import type { TelemetryPanelDeps } from './registerTelemetryPanel.ts';
import type { TelemetryParts } from './telemetryParts.ts';
import { TelemetryPanelController } from './telemetryPanelController.ts';

/** The host's side of a page, until `store` is disposed. */
export function converse(
  webview: vscode.Webview,
  { reader, selected, errors, log, clock, files, proposalsFor, version }: TelemetryPanelDeps & TelemetryParts,
  store: DisposableStore,
): TelemetryPanelController {
  const send = (body: TelemetryHostBody): void =>
    errors.watch(webview.postMessage(telemetryHostMessage(body)));
  const controller = new TelemetryPanelController({
    reader,
    selected,
    log,
    clock,
    files,
    proposals: proposalsFor(send),
    version,
    send,
  });
  store.add({ dispose: () => controller.end() });
  store.add(
    webview.onDidReceiveMessage((posted: unknown) => {
      const message = parseTelemetryPageMessage(posted);
      if (message === null) log.warn('The telemetry page sent an invalid message.');
      else errors.watch(controller.onMessage(message));
    }),
  );
  let path = selected.path;
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => controller.trustGranted()));
  store.add(selected.onDidCommit(() => errors.watch(controller.databaseCommitted())));
  store.add(
    selected.onDidChange(() => {
      if (selected.path === path) return;
      path = selected.path;
      errors.watch(controller.restart());
    }),
  );
  return controller;
}

/** The page, whose files lie in `root`. */
export function pageHtml(webview: vscode.Webview, root: vscode.Uri, isReadOnly: boolean): string {
  const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  return telemetryPageHtml({
    scriptUri: uriOf('telemetry.js'),
    styleUri: uriOf('telemetry.css'),
    cspSource: webview.cspSource,
    nonce: crypto.randomUUID(),
    isReadOnly,
  });
}
