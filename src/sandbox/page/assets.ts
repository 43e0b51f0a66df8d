// The built page from disk: read once, compressed once.
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** Nothing from elsewhere, nothing inline but styles, and nobody frames it. */
export const PAGE_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const NOT_BUILT =
  'The page of the local workspace is not built: run `npm run build`, then load this again.\n';

interface Asset {
  plain: Buffer;
  zipped: Buffer;
}

export interface Assets {
  folder: URL;
  read: Map<string, Promise<Asset | undefined>>;
}

/** Where `npm run build` puts the page, seen from the sources and from what is built of them alike. */
export function openAssets(folder: string | undefined): Assets {
  const built = new URL('../../../dist/sandbox/browser/', import.meta.url);
  return { folder: folder === undefined ? built : new URL(`file://${folder}/`), read: new Map() };
}

/** Serves `/` and `/assets/*`; what vite named by its content never changes. */
export async function serveAsset(
  assets: Assets,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isPage = path === '';
  const asset = await find(assets, isPage ? 'index.html' : path);
  if (!asset) {
    response.writeHead(isPage ? 503 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    response.end(isPage ? NOT_BUILT : 'not found\n');
    return;
  }
  const zip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = zip ? asset.zipped : asset.plain;
  response.writeHead(200, {
    'content-type': TYPES[isPage ? '.html' : extname(path)] ?? 'application/octet-stream',
    'content-length': body.length,
    'cache-control': isPage ? 'no-store' : 'public, max-age=31536000, immutable',
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    vary: 'accept-encoding',
    ...(zip ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function find(assets: Assets, path: string): Promise<Asset | undefined> {
  // Only names as vite makes them: no way out of the folder.
  if (path !== 'index.html' && !/^assets\/[\w.-]+$/.test(path)) return undefined;
  // The page itself is read each time: it names the assets of the newest build.
  if (path === 'index.html') return await load(assets, path);
  const known = assets.read.get(path) ?? load(assets, path);
  assets.read.set(path, known);
  const found = await known;
  if (!found) assets.read.delete(path);
  return found;
}

async function load(assets: Assets, path: string): Promise<Asset | undefined> {
  try {
    const plain = await readFile(new URL(path, assets.folder));
    return { plain, zipped: await promisify(gzip)(plain) };
  } catch {
    return undefined;
  }
}
