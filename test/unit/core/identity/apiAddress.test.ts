import assert from 'node:assert/strict';
import {
  parseApiUrl,
  serverAddress,
  canaryVerdictList,
  withVerdict,
} from '../../../../src/core/identity/apiVerdict.ts';

const addresses: readonly (readonly [url: string, address: string])[] = [
  ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  [' http://127.0.0.1:8000/ ', 'http://127.0.0.1:8000'],
  ['HTTP://LocalHost:80//', 'http://localhost'],
  ['https://host:443/api/v1/', 'https://host/api/v1'],
  ['http://[::1]:8000/', 'http://[::1]:8000'],
  ['http://user:hunter2@host:8000', 'http://host:8000'],
  ['http://user:p%40ss@host:8000/', 'http://host:8000'],
  ['https://hunter2@host', 'https://host'],
  ['http://host:8000/?token=hunter2', 'http://host:8000'],
  ['http://host/base?tenant=a&api_key=hunter2&debug', 'http://host/base?tenant=a&debug'],
  ['http://host/#token=hunter2', 'http://host'],
  // None at all, and yet not to be shown.
  ['user:hunter2@host:8000', 'user:***@host:8000'],
  ['ftp://user:hunter2@host/', 'ftp://user:***@host/'],
  ['http://user:hunter2@host:port/', 'http://user:***@host:port/'],
];

describe('the address of an API server', () => {
  for (const [url, address] of addresses) {
    it(`of ${url} is ${address}`, () => {
      assert.equal(serverAddress(url), address);
      assert.equal(serverAddress(address), address);
      assert.ok(!address.includes('hunter2'));
    });
  }

  it('is none without http or https', () => {
    for (const url of ['', 'localhost:8000', 'file:///x', 'http://', 'http://a b', '127.0.0.1:8000'])
      assert.equal(parseApiUrl(url), null, url);
  });

  it('is what is kept of a server, also of one that was kept by its URL', () => {
    const about = { databaseId: 'i', path: '/seed.db', fileId: '1:2', databaseIdentity: null, askedAt: 0 };
    const before = { ...about, url: 'http://user:hunter2@host:8000/?token=hunter2', verdict: 'same' };
    const { verdicts } = canaryVerdictList.parse({ version: 1, verdicts: [before] });
    assert.equal(verdicts[0]?.url, 'http://host:8000');
    const kept = withVerdict(verdicts, {
      ...about,
      url: serverAddress('http://host:8000/'),
      verdict: 'different',
    });
    assert.deepEqual(
      kept.map(({ verdict }) => verdict),
      ['different'],
    );
  });
});
