import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskedJson, maskSecrets } from '../../../../src/core/text/maskSecrets.ts';

/** The text with a secret `S` in it, and what is left of it. */
const masked: readonly (readonly [text: string, shown: string])[] = [
  ['http://user:S@host:8000/x', 'http://user:***@host:8000/x'],
  ['https://S@host/', 'https://***@host/'],
  ['http://user:p@S@host/', 'http://user:***@host/'],
  ['http://[::1]:8000/?token=S', 'http://[::1]:8000/?token=***'],
  ['http://h/?a=1&access_token=S&b=2#x', 'http://h/?a=1&access_token=***&b=2#x'],
  ['http://h/?X-Amz-Signature=S', 'http://h/?X-Amz-Signature=***'],
  ['http://h/cb#token=S', 'http://h/cb#token=***'],
  ['http://h/?api_key=S&amp;key=S', 'http://h/?api_key=***&amp;key=***'],
  ['sqlite://:S@/a.db', 'sqlite://:***@/a.db'],
  ['sqlite+pysqlcipher://:S@/a.db?cipher=aes', 'sqlite+pysqlcipher://:***@/a.db?cipher=aes'],
  ['sqlite:/:S@/a.db', 'sqlite:/:***@/a.db'],
  [
    'postgresql+psycopg2://autopack:S@db:5432/autopack?sslmode=require',
    'postgresql+psycopg2://autopack:***@db:5432/autopack?sslmode=require',
  ],
  ['postgresql://db/autopack?user=u&password=S', 'postgresql://db/autopack?user=u&password=***'],
  ['postgresql://user:a/S?b@host/db', 'postgresql://user:***@host/db'],
  ['postgres:/user:S@host/db', 'postgres:/user:***@host/db'],
  ['postgresql:user:S@host/db', 'postgresql:***@host/db'],
  ['http:/user:S@host', 'http:/user:***@host'],
  ['://user:S@host/db', '://user:***@host/db'],
  ['//user:S@host/db', '//user:***@host/db'],
  ['user:S@localhost:5432/db', 'user:***@localhost:5432/db'],
  ['cannot reach admin:S@10.0.0.1.', 'cannot reach admin:***@10.0.0.1.'],
  [
    '"http://user:S@host/x" failed, "http://b:S@host"',
    '"http://user:***@host/x" failed, "http://b:***@host"',
  ],
  ['host=db user=u password=S dbname=x', 'host=db user=u password=*** dbname=x'],
  ["host=db password='S S' dbname=x", 'host=db password=*** dbname=x'],
  ['export AUTOPACK_API_KEY=S', 'export AUTOPACK_API_KEY=***'],
  ['X-API-Key: SSSS', 'X-API-Key: ***'],
  ['{"authorization": "Bearer SSSS"}', '{"authorization": "Bearer ***"}'],
  ['Authorization: Basic SSSS', 'Authorization: Basic ***'],
  ["{'api_key': 'SS SS', 'model': 'm'}", "{'api_key': ***, 'model': 'm'}"],
  [String.raw`{"client_secret": "S\"S", "a": "b"}`, '{"client_secret": ***, "a": "b"}'],
  ['PGPASSWORD=S psql', 'PGPASSWORD=*** psql'],
  ['autopack --api-key S --verbose', 'autopack --api-key *** --verbose'],
  ['-----BEGIN RSA PRIVATE KEY-----\nSSSS\nSS==\n-----END', '-----BEGIN RSA PRIVATE KEY-----***-----END'],
  ['of AKIASSSSSSSSSSSSSSSS', 'of AKIA***'],
  ['xoxb-1-SSSSSSSS', 'xoxb-***'],
  ['hf_SSSSSSSSSSSSSSSSSSSSSSSS', 'hf_***'],
  ['eyJSSSSSSSS.SSSSSSSSSSS.SSSSSSSS-S', 'eyJ***'],
  ['key sk-ant-SSSSSSSSSSSSSSSSSSSS is wrong', 'key sk-ant-*** is wrong'],
];

const plain = [
  'sqlite:////srv/a:b@c#d.db',
  'sqlite:///C:/data/a.db',
  '/srv/a@b:c.db',
  'http://127.0.0.1:8000/runs?limit=100',
  'http://host:8000/a@b',
  'ssh://git@host/repository',
  'git@host:repository',
  'postgresql://db:5432/autopack',
  '12:30:45 failed at 10:20',
  'predicted_output=10 actual_output=20 max_tokens=8192 tokens=5',
  'KeyError: "token"',
  'unexpected {"tokens": "5", "monkey": "a"}',
  'use --max-tokens 5, or --token --verbose',
  'npm_config_user_agent_of_some_length hf_hub_enable_hf_transfer',
  'file.py:12: AssertionError: key=1',
  '',
];

describe('maskSecrets', () => {
  for (const [text, shown] of masked) {
    it(`hides what is secret in ${text}`, () => {
      for (const around of [
        (each: string) => each,
        (each: string) => `a (${each}) b`,
        (each: string) => `x\n${each}\ny`,
      ]) {
        assert.equal(maskSecrets(around(text)), around(shown));
        assert.equal(maskSecrets(around(shown)), around(shown));
      }
    });
  }

  it('leaves what is no secret', () => {
    for (const text of plain) assert.equal(maskSecrets(text), text);
  });

  it('hides a secret whatever stands around its URL', () => {
    const unit = fc.constantFrom(
      ...['http', '://', ':', '@', '/', 'a', '?', 'token=', '&', '=', ' ', '"', '*', '\\', 'password='],
    );
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (front, behind) => {
        const text = `${front} http://user:hunter2@host/?token=hunter2 ${behind}`;
        assert.ok(!maskSecrets(text).includes('hunter2'));
      }),
    );
  });

  it('masks the texts of an object without changing anything else', () => {
    const value = { url: 'http://u:S@h/', n: 1, list: [null, 'x="token=S"\\'] };
    assert.deepEqual(JSON.parse(JSON.stringify(value, maskedJson)), {
      url: 'http://u:***@h/',
      n: 1,
      list: [null, 'x="token=***"\\'],
    });
  });

  it('takes time in proportion to the length of hostile texts', () => {
    const time = (text: string): number => {
      const from = performance.now();
      maskSecrets(text);
      return performance.now() - from;
    };
    const units = [
      '@',
      ':',
      '//',
      'a:',
      '//a:',
      'http:',
      'user:a',
      '?',
      '?token',
      '?token=',
      '&a_',
      'a-',
      'password ',
      'password=',
      'x-api-key:',
      'bearer ',
      'sk-',
      '="',
      ' ',
      '\n',
      'a',
    ];
    for (const unit of units) {
      const [short, long] = [10_000, 40_000].map((length) =>
        Math.min(...[1, 2, 3].map(() => time(`=${unit.repeat(Math.ceil(length / unit.length))}`))),
      );
      assert.ok((long ?? 0) < 8 * (short ?? 0) + 40, `${JSON.stringify(unit)}: ${short} ms, ${long} ms`);
    }
  });
});
