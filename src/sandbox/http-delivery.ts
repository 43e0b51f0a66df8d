// One signed HTTP request to the app's request URL, and what came back.
import * as http from 'node:http';
import * as https from 'node:https';
import { signBody } from './signature.js';

export interface HttpAnswer {
  /** 0 when there was no answer. */
  status: number;
  contentType: string;
  text: string;
  noRetry: boolean;
  failure?: 'http_timeout' | 'connection_failed' | 'too_many_redirects' | 'ssl_error';
}

export interface HttpRequest {
  url: string;
  body: string;
  contentType: string;
  secret: string;
  /** Wire time in ms. */
  at: number;
  timeoutMs: number;
  headers?: Record<string, string>;
  redirects?: number;
}

function failed(failure: NonNullable<HttpAnswer['failure']>): HttpAnswer {
  return { status: 0, contentType: '', text: '', noRetry: false, failure };
}

/** A connection of its own each time, so that closing the sandbox leaves none behind. */
export function postSigned(given: HttpRequest): Promise<HttpAnswer> {
  const url = new URL(given.url);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve) => {
    const outgoing = request(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': given.contentType,
        'content-length': Buffer.byteLength(given.body),
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        accept: 'application/json,*/*',
        ...signBody(given.body, given.secret, Math.floor(given.at / 1000)),
        ...given.headers,
      },
    });
    const timer = setTimeout(() => {
      resolve(failed('http_timeout'));
      outgoing.destroy();
    }, given.timeoutMs);
    outgoing.on('error', () => {
      clearTimeout(timer);
      resolve(failed('connection_failed'));
    });
    outgoing.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', () => resolve(failed('connection_failed')));
      response.on('end', () => {
        clearTimeout(timer);
        const status = response.statusCode ?? 0;
        const location = response.headers.location;
        if (status >= 300 && status < 400 && location) {
          resolve(follow(given, new URL(location, url).href));
          return;
        }
        resolve({
          status,
          contentType: response.headers['content-type'] ?? '',
          text: Buffer.concat(parts).toString('utf8'),
          noRetry: response.headers['x-slack-no-retry'] === '1',
        });
      });
    });
    outgoing.end(given.body);
  });
}

/** Slack follows two redirects at most. */
function follow(given: HttpRequest, url: string): Promise<HttpAnswer> | HttpAnswer {
  const redirects = (given.redirects ?? 0) + 1;
  return redirects > 2 ? failed('too_many_redirects') : postSigned({ ...given, url, redirects });
}
