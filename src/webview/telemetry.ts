import './telemetry.css';
import './validLanguage.ts';
import { HostLink } from './hostLink.ts';
import type { VsCodeApi } from './hostLink.ts';
import { usePageTranslations } from './pageTranslations.ts';
import { TelemetryPage } from './telemetryPage.ts';

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
