import { currentTranslations, t } from '../core/text/l10n.ts';

/** Where the page's parts are, in the form the webview can load them. */
export interface TelemetryPageSources {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  /** A fresh random token, base64 or alphanumeric. */
  readonly nonce: string;
  /** Whether nothing is executed or written here: what would be is not offered. */
  readonly isReadOnly?: boolean;
}

/** The HTML document of the telemetry page: one script under a nonce, one style sheet, nothing else may load. Its texts come with it. */
export function telemetryPageHtml({
  scriptUri,
  styleUri,
  cspSource,
  nonce,
  isReadOnly = false,
}: TelemetryPageSources): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const translations = JSON.stringify(currentTranslations());
  return `<!DOCTYPE html>
<html lang="${t`en`}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(t`Token telemetry`)}</title>
<link rel="stylesheet" href="${escapeAttribute(styleUri)}">
</head>
<body${isReadOnly ? ' class="read-only"' : ''}>
<main id="telemetry" aria-busy="true" data-translations="${escapeAttribute(translations)}"></main>
<script nonce="${escapeAttribute(nonce)}" src="${escapeAttribute(scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
