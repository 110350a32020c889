import './telemetry.css';
import './validLanguage.ts';
import { HostLink, type VsCodeApi } from './hostLink.ts';
import { TelemetryPage } from './telemetryPage.ts';
import { provideTranslations, type Translations } from '../core/text/l10n.ts';

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const link = new HostLink(api);
window.addEventListener('error', ({ error, message }) => {
  link.send({ kind: 'page-failed', message: error instanceof Error ? (error.stack ?? message) : message });
});
const root = document.getElementById('telemetry');
if (root === null) throw new Error('The page has no place for the telemetry.');
usePageTranslations(root);
new TelemetryPage(root, api, link).start();

/** Shows texts in the language of the editor, whose translations the element of the page has; `null` where they are English. */
function usePageTranslations({ dataset }: HTMLElement): void {
  const translations = JSON.parse(dataset.translations ?? 'null') as Translations | null;
  provideTranslations(() => translations);
}
