import { join } from 'node:path';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** What a browser loads: the page's script and style sheet, as text. */
export interface BuiltPage {
  readonly script: string;
  readonly style: string;
}

/** Bundles the telemetry page from its source, so that no older build is tested. */
export async function buildPage(): Promise<BuiltPage> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'src/webview/telemetry.ts')],
    tsconfig: join(root, 'src/webview/tsconfig.json'),
    bundle: true,
    write: false,
    outdir: 'page',
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
  });
  const text = (extension: string): string =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}
