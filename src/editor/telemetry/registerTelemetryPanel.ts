import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { telemetryPageHtml } from '../../protocol/telemetryPageHtml.ts';
import { parseTelemetryPageMessage } from '../../protocol/telemetryPageMessage.ts';
import { telemetryHostMessage, telemetrySections } from '../../protocol/telemetryProtocol.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { panelTypes } from '../ids.ts';
import type { Offers } from '../offers/offers.ts';
import { ChosenEstimator } from './chosenEstimator.ts';
import { TelemetryPanelController } from './telemetryPanelController.ts';

/** What the telemetry panel needs. */
export interface TelemetryPanelDeps {
  readonly extensionUri: vscode.Uri;
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly log: LoggerPort;
  readonly clock: ClockPort;
  readonly offers: Offers;
  /** Where the choice of the estimator is kept: per workspace. */
  readonly memento: vscode.Memento;
  /** This extension's version. */
  readonly version: string;
}

/** Analyze Telemetry: one panel, which follows the selected database. */
export function registerTelemetryPanel(deps: TelemetryPanelDeps): DisposableStore {
  const store = new DisposableStore();
  const { extensionUri, errors } = deps;
  const pageRoot = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const options = { enableScripts: true, localResourceRoots: [pageRoot] };
  let open: OpenPanel | undefined;

  const adopt = (panel: vscode.WebviewPanel): void => {
    const conversation = new DisposableStore();
    const controller = converse(panel.webview, deps, conversation);
    open = { panel, controller };
    panel.webview.options = options;
    panel.iconPath = new vscode.ThemeIcon('graph-scatter');
    panel.onDidDispose(() => {
      conversation.dispose();
      if (open?.panel === panel) open = undefined;
    });
    panel.webview.html = pageHtml(panel.webview, pageRoot);
  };
  store.add(
    registerCommand('analyzeTelemetry', errors, (section) => {
      const { Active } = vscode.ViewColumn;
      if (open !== undefined) open.panel.reveal();
      else adopt(vscode.window.createWebviewPanel(panelTypes.telemetry, t`Token Telemetry`, Active, options));
      // A menu hands over what it was opened on.
      const known = telemetrySections.find((one) => one === section);
      if (known !== undefined) open?.controller.reveal(known);
    }),
  );
  store.add(registerCommand('showProposal', errors, () => executeCommand('analyzeTelemetry', 'proposal')));
  store.add(
    vscode.window.registerWebviewPanelSerializer(panelTypes.telemetry, {
      deserializeWebviewPanel: (panel) => {
        adopt(panel);
        return Promise.resolve();
      },
    }),
  );
  store.add({ dispose: () => void open?.panel.dispose() });
  return store;
}

/** The panel that shows the page, and the host's side of it. */
interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly controller: TelemetryPanelController;
}

function converse(
  webview: vscode.Webview,
  { reader, selected, errors, log, clock, offers, memento, version }: TelemetryPanelDeps,
  store: DisposableStore,
): TelemetryPanelController {
  const controller = new TelemetryPanelController({
    reader,
    selected,
    log,
    clock,
    offers,
    estimator: new ChosenEstimator(memento),
    version,
    send: (body) => errors.watch(webview.postMessage(telemetryHostMessage(body))),
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

function pageHtml(webview: vscode.Webview, root: vscode.Uri): string {
  const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  return telemetryPageHtml({
    scriptUri: uriOf('telemetry.js'),
    styleUri: uriOf('telemetry.css'),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
}
