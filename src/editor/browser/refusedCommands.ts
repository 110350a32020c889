import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { elsewhere, refusedInBrowser } from './refusedInBrowser.ts';

/** They are in no menu; a link, a key of a person's own or another extension may still ask for them, and is told why not. */
export function registerRefusedCommands(errors: ErrorReporter): DisposableStore {
  const store = new DisposableStore();
  for (const name of refusedInBrowser) {
    store.add(
      registerCommand(name, errors, () => {
        throw new UserFacingError('unsupported', notInBrowser(), elsewhere());
      }),
    );
  }
  return store;
}

const notInBrowser = () => t`This needs programs and file locks, which a browser does not have.`;
