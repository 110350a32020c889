import * as vscode from 'vscode';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { telemetrySections } from '../../protocol/telemetryProtocol.ts';
import { executeCommand, registerCommand } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { panelTypes } from '../ids.ts';
import type { TelemetryParts } from './telemetryParts.ts';
import type { TelemetryPanelController } from './telemetryPanelController.ts';

/** What the telemetry panel needs. */
export interface TelemetryPanelDeps {
  readonly extensionUri: vscode.Uri;
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
  readonly log: LoggerPort;
  readonly clock: ClockPort;
  /** Loads what only a page that is open needs. */
  readonly loadParts: () => Promise<TelemetryParts>;
  /** Whether only what reads is offered on the page. */
  readonly isReadOnly?: boolean;
  /** This extension's version. */
  readonly version: string;
}

/** Analyze Telemetry: one panel, which follows the selected database. */
export function registerTelemetryPanel(deps: TelemetryPanelDeps): DisposableStore {
  const store = new DisposableStore();
  const { extensionUri, isReadOnly = false, errors } = deps;
  const pageRoot = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const options = { enableScripts: true, localResourceRoots: [pageRoot] };
  let open: OpenPanel | undefined;

  /** What the panel does is loaded with the first; `panelOf` is called then, where none is open. */
  const show = async (panelOf: () => vscode.WebviewPanel): Promise<OpenPanel> => {
    const [{ converse, pageHtml }, parts] = await Promise.all([
      import('./telemetryConversation.ts'),
      deps.loadParts(),
    ]);
    if (open !== undefined) return open;
    const panel = panelOf();
    const conversation = new DisposableStore();
    const controller = converse(panel.webview, { ...deps, ...parts }, conversation);
    const opened = { panel, controller };
    open = opened;
    panel.webview.options = options;
    panel.iconPath = new vscode.ThemeIcon('graph-scatter');
    panel.onDidDispose(() => {
      conversation.dispose();
      if (open?.panel === panel) open = undefined;
    });
    panel.webview.html = pageHtml(panel.webview, pageRoot, isReadOnly);
    return opened;
  };
  store.add(
    registerCommand('analyzeTelemetry', errors, async (section) => {
      const { Active } = vscode.ViewColumn;
      open?.panel.reveal();
      const { controller } = await show(() =>
        vscode.window.createWebviewPanel(panelTypes.telemetry, t`Token Telemetry`, Active, options),
      );
      // A menu hands over what it was opened on.
      const known = telemetrySections.find((one) => one === section);
      if (known !== undefined) controller.reveal(known);
    }),
  );
  store.add(registerCommand('showProposal', errors, () => executeCommand('analyzeTelemetry', 'proposal')));
  store.add(
    vscode.window.registerWebviewPanelSerializer(panelTypes.telemetry, {
      deserializeWebviewPanel: async (panel) => {
        const shown = await show(() => panel);
        // Somebody was quicker than the editor, which restores what was open before.
        if (shown.panel !== panel) panel.dispose();
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
