import * as vscode from 'vscode';
import * as z from 'zod';

const pythonApi = z.object({
  environments: z.object({
    getActiveEnvironmentPath: z.function({ input: [z.unknown()], output: z.unknown() }),
  }),
});
const environmentPath = z.object({ path: z.string().min(1) });

/** The interpreter that the Python extension has chosen for a folder, if that extension is there and answers. */
export async function pythonOfExtension(folder: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>('ms-python.python');
  if (extension === undefined) return undefined;
  const api = pythonApi.safeParse(await extension.activate());
  if (!api.success) return undefined;
  const chosen = environmentPath.safeParse(api.data.environments.getActiveEnvironmentPath(folder));
  return chosen.success ? chosen.data.path : undefined;
}
