import { openBrowserWindow } from '../../host/browserHost.ts';
import { projectRoot } from '../../host/projectPaths.ts';
import type { ExtensionUnderTest } from '../../host/vsCodeHost.ts';
import { themeSettings, Workbench, type Theme } from './workbench.ts';

export interface WorkbenchOptions {
  /** Absolute path of the folder (or `.code-workspace` file) to open; nothing opens an empty window. */
  readonly folder?: string;
  /** User settings on top of the quiet ones of `test/host/quietSettings.ts`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Dark unless told. */
  readonly theme?: Theme;
  /** Opens the folder untrusted, in Restricted Mode. */
  readonly restricted?: boolean;
  /** The extension host's environment on top of ours; an undefined value takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** The display language of the extension, such as `de`; English unless told. VS Code itself stays English. */
  readonly language?: string;
  /** The extension to load; this project's own folder unless told (build it first). */
  readonly extension?: ExtensionUnderTest;
  /** Folders of other extensions to have installed beside it. */
  readonly companions?: readonly string[];
}

/** What else happens in the window takes the focus at moments that no test can foresee, and would close a pick. */
const stayingQuickInput = { 'workbench.quickOpen.closeOnFocusLost': false };

/** The windows that are open now. */
export const openWorkbenches = new Set<Workbench>();

/** Opens a VS Code window with the extension in it; the caller disposes it, in an `after` hook. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const { folder, theme = 'dark', ...rest } = options;
  const settings = { ...stayingQuickInput, ...themeSettings(theme), ...options.settings };
  const window = await openBrowserWindow({
    extension: { kind: 'unpacked', folder: projectRoot },
    ...rest,
    ...(folder === undefined ? {} : { workspace: folder }),
    settings,
  });
  window.page.setDefaultTimeout(15_000);
  const workbench: Workbench = new Workbench(window, settings, () => openWorkbenches.delete(workbench));
  openWorkbenches.add(workbench);
  // A busy machine takes its time to start a window, which is not what is tested.
  await workbench.containerTab('Autopack').waitFor({ timeout: 60_000 });
  return workbench;
}
