// Slack's v0 request signature.
import { createHmac } from 'node:crypto';
import type { SignedHeaders } from './types.js';

export function signBody(body: string, secret: string, timestamp: number): SignedHeaders {
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': `v0=${digest}` };
}
