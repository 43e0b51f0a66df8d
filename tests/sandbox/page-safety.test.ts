// Who may speak to the page's server, and what it gives away: to this machine's own page, as data.
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSandbox } from '../../src/sandbox/index.js';
import { temporaryFolder } from '../helpers/world.js';
import { ANA, BOB, messagesOf, post, withPage } from './page-help.js';

/** A request with headers that fetch does not let one choose. */
function ask(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += String(part);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('another site', () => {
  test.each(['/', '/page/open', '/page/stream', '/page/files/F1'])(
    'cannot read %s under its own name',
    async (path) => {
      const sandbox = await withPage();
      const { status, text } = await ask(`${sandbox.url}${path}`, { host: 'evil.example' });
      expect(status).toBe(403);
      expect(JSON.parse(text)).toMatchObject({ said: expect.stringContaining('evil.example') });
    },
  );

  test.each(['localhost', '127.0.0.1', '[::1]'])(
    'the names of this machine are answered: %s',
    async (host) => {
      const sandbox = await withPage();
      expect((await ask(`${sandbox.url}/page/open`, { host: `${host}:3001` })).status).toBe(200);
    },
  );

  test('cannot act: a foreign origin, no JSON, or a script in another page are refused', async () => {
    const sandbox = await withPage();
    const say = { as: ANA, act: { do: 'say', channel: sandbox.channel('general')?.id, text: 'hello' } };
    const statusOf = async (headers: Record<string, string>) =>
      (await post(sandbox, '/page/act', say, headers)).status;
    expect(await statusOf({ origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf({ origin: 'null' })).toBe(403);
    expect(await statusOf({ 'content-type': 'text/plain' })).toBe(415);
    expect((await ask(`${sandbox.url}/page/open`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(
      (await post(sandbox, '/page/faults', { do: 'down' }, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(await messagesOf(sandbox, 'general')).toEqual([]);
    expect(await statusOf({})).toBe(200);
  });
});

test('a body that is too large or no JSON is refused with a sentence', async () => {
  const sandbox = await withPage();
  const large = await post(sandbox, '/page/act', JSON.stringify({ as: ANA, act: 'x'.repeat(17_000_000) }));
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ said: expect.stringContaining('12 MB') });
  expect((await post(sandbox, '/page/act', '{')).status).toBe(400);
  expect((await post(sandbox, '/page/act', '[]')).status).toBe(400);
});

test('a file is given to those who may see it, as data that cannot run', async () => {
  const sandbox = await withPage({
    channels: [{ name: 'general' }, { name: 'secret', members: ['bob'], private: true }],
  });
  const content = '<script>alert(1)</script>';
  const file = await sandbox.person('bob').upload('secret', { name: "it's a page.html", content });
  const [message] = await messagesOf(sandbox, 'secret', BOB);
  const url = String(message?.files[0]?.url);
  const response = await fetch(`${sandbox.url}${url}`);
  expect(await response.text()).toBe(content);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': "attachment; filename*=UTF-8''it%27s%20a%20page.html",
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  expect((await fetch(`${sandbox.url}/page/files/${file.id}?as=${ANA}`)).status).toBe(404);
  expect((await fetch(`${sandbox.url}/page/files/${file.id}`)).status).toBe(404);
});

test('a picture is one by its name, and one that can hold script is none', async () => {
  const sandbox = await withPage();
  await sandbox.person('bob').upload('general', { name: 'graph.PNG', content: Buffer.from([137]) });
  await sandbox.person('bob').upload('general', { name: 'graph.svg', content: '<svg/>' });
  const shown = (await messagesOf(sandbox, 'general')).map((one) => one.files[0]?.shows);
  expect(shown).toEqual(['image', 'other']);
});

describe('the built page', () => {
  async function built() {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Local</title>');
    writeFileSync(join(folder, 'assets', 'main-abc.js'), 'console.log(1);'.repeat(100));
    writeFileSync(join(folder, 'secret.txt'), 'not to be read');
    return withPage({ pageFolder: folder });
  }

  test('is served with a policy; what is named by its content is kept, the page itself is not', async () => {
    const sandbox = await built();
    const page = await fetch(`${sandbox.url}/`);
    expect(await page.text()).toContain('<title>Local</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const asset = await fetch(`${sandbox.url}/assets/main-abc.js`);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(Number(asset.headers.get('content-length'))).toBeLessThan(200);
    expect(await asset.text()).toContain('console.log(1);');
  });

  test.each([
    '/assets/../secret.txt',
    '/assets/..%2Fsecret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/none.js',
  ])('has no way out of its folder: %s', async (path) => {
    const sandbox = await built();
    const { status, text } = await ask(`${sandbox.url}${path}`, {});
    expect(status).toBe(404);
    expect(text).not.toContain('not to be read');
  });

  test('where it is missing, the address says how to build it', async () => {
    const sandbox = await withPage({ pageFolder: join(temporaryFolder(), 'nowhere') });
    const response = await fetch(`${sandbox.url}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('`npm run build`');
  });
});

test('listening for others must be meant, and the page says so', async () => {
  await expect(openSandbox({ host: '0.0.0.0' })).rejects.toThrow('allowRemote');
  const sandbox = await withPage({ host: '0.0.0.0', allowRemote: true });
  const { port } = new URL(sandbox.url);
  const { status, text } = await ask(`http://127.0.0.1:${port}/page/open`, { host: '192.0.2.7' });
  expect(status).toBe(200);
  expect(JSON.parse(text).notice).toContain('whoever reaches it can read all of it, and act as anybody');
  expect((await ask(`http://127.0.0.1:${port}/page/open`, { host: 'evil.example' })).status).toBe(403);
});
