// Reading a Web API request: token and arguments from the query, a form, JSON or multipart.
import type { IncomingMessage } from 'node:http';
import { refuse } from './errors.js';
import type { MethodContract } from './methods.js';
import type { Json } from './types.js';

export interface RawCall {
  token: string | undefined;
  args: Json;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Arguments as they came; JSON bodies count only where the method takes JSON. */
export async function readCall(
  request: IncomingMessage,
  body: Buffer,
  query: URLSearchParams,
  contract: MethodContract | undefined,
): Promise<RawCall> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const args: Json = Object.fromEntries(query);
  let token = bearer ?? query.get('token') ?? undefined;
  const contentType = request.headers['content-type'] ?? '';
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length > 0 && request.method === 'POST') {
    if (type === 'application/x-www-form-urlencoded') {
      Object.assign(args, Object.fromEntries(new URLSearchParams(body.toString('utf8'))));
    } else if (type === 'multipart/form-data') {
      Object.assign(args, await readMultipart(body, contentType));
    } else if (type === 'application/json') {
      // Slack ignores a JSON body where the method does not take one; the arguments are then missing.
      if (contract?.acceptsJson !== false) Object.assign(args, parseJson(body), { token: undefined });
    } else {
      refuse(type ? 'invalid_post_type' : 'missing_post_type');
    }
  }
  token ??= typeof args.token === 'string' ? args.token : undefined;
  delete args.token;
  return { token, args };
}

function parseJson(body: Buffer): Json {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return refuse('invalid_json');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse('json_not_object');
  return parsed as Json;
}

async function readMultipart(body: Buffer, contentType: string): Promise<Json> {
  try {
    const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
    const form = await response.formData();
    const fields: Json = {};
    for (const [key, value] of form) {
      fields[key] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
    }
    return fields;
  } catch {
    return refuse('invalid_form_data');
  }
}

/** The file of an upload: the one part of a multipart body, whatever its name, or the raw body. */
export async function readUpload(request: IncomingMessage, body: Buffer): Promise<Buffer | undefined> {
  const contentType = request.headers['content-type'] ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return body;
  const parts = Object.values(await readMultipart(body, contentType));
  if (parts.length !== 1) return undefined;
  const only = parts[0];
  return Buffer.isBuffer(only) ? only : Buffer.from(String(only));
}
