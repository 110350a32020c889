import assert from 'node:assert/strict';
import { provideTranslations } from '../../../src/core/text/l10n.ts';
import { telemetryPageHtml } from '../../../src/protocol/telemetryPageHtml.ts';

const sources = {
  scriptUri: 'https://host/telemetry.js?a="b"&c',
  styleUri: 'https://host/telemetry.css',
  cspSource: "'self' https://host",
  nonce: 'abc123',
};
const html = telemetryPageHtml(sources);

describe('telemetry page', () => {
  it('allows one script by its nonce, styles from the extension, and nothing else', () => {
    const policy = /content="([^"]*default-src[^"]*)"/.exec(html)?.[1] ?? '';
    assert.deepEqual(policy.split('; '), [
      "default-src 'none'",
      "script-src 'nonce-abc123'",
      "style-src 'self' https://host",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.match(html, /<script nonce="abc123" src=/);
  });

  it('is marked where nothing is executed or written', () => {
    assert.match(html, /<body>/);
    const sources = { scriptUri: 's', styleUri: 's', cspSource: 'c', nonce: 'n' };
    assert.match(telemetryPageHtml({ ...sources, isReadOnly: true }), /<body class="read-only">/);
  });

  it('has no inline style, handler or script, which the policy would refuse', () => {
    assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|<script[^>]*>[^<]/);
  });

  it('keeps an address inside its attribute', () => {
    assert.match(html, /src="https:\/\/host\/telemetry\.js\?a=&quot;b&quot;&amp;c"/);
  });

  it('is in the language of the editor, and brings the translations of its texts', () => {
    provideTranslations(() => ({ en: 'de', 'Token telemetry': 'Token-Telemetrie', '"<a>"': '&' }));
    try {
      const german = telemetryPageHtml(sources);
      assert.match(german, /<html lang="de">/);
      assert.match(german, /<title>Token-Telemetrie<\/title>/);
      assert.match(
        german,
        /data-translations="\{&quot;en&quot;:&quot;de&quot;[^"]*&lt;a&gt;[^"]*&amp;&quot;\}"/,
      );
    } finally {
      provideTranslations(() => null);
    }
    assert.match(html, /data-translations="null"/);
  });
});
