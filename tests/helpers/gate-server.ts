// A gate that says what a test wants, in Andon's form or in none: for what its clients do about it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One answer: a decision in Andon's form, or whatever else may come back from an address. */
export interface Saying {
  readonly decision?: 'allow' | 'warn' | 'hold' | 'deny';
  readonly reply?: string;
  readonly retryAfter?: number;
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection is cut, nothing ever comes, or what comes never ends. */
  readonly instead?: 'cut' | 'nothing' | 'stream';
  /** Of what never ends: how much was taken. */
  readonly sent?: { bytes: number };
}

export interface Question {
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  readonly body: any;
  readonly idempotencyKey: string;
  readonly authorization: string;
}

/** Answers each question with the next saying, and from the last on with that one. */
export async function gateThatSays(
  ...sayings: readonly Saying[]
): Promise<{ url: string; asked: Question[] }> {
  const asked: Question[] = [];
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      asked.push({
        body: JSON.parse(text),
        idempotencyKey: String(request.headers['idempotency-key']),
        authorization: String(request.headers.authorization),
      });
      answer(request, response, sayings[Math.min(asked.length, sayings.length) - 1] ?? {});
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

function answer(request: IncomingMessage, response: ServerResponse, saying: Saying): void {
  if (saying.instead === 'nothing') return;
  if (saying.instead === 'cut') return void request.socket.destroy();
  const { decision, reply = '', retryAfter } = saying;
  const plain = request.headers.accept === 'text/plain';
  const headers = {
    ...(decision ? { 'Andon-Decision': decision, Location: '/api/v1/gate/9d0f-1' } : {}),
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    'Content-Type': plain ? 'text/plain; charset=utf-8' : 'application/json',
    ...saying.headers,
  };
  const ours = { id: '9d0f-1', decision, targets: [], reasons: [], howToProceed: null, turn: null, reply };
  response.writeHead(saying.status ?? 200, headers);
  if (saying.instead === 'stream') return pour(response, `${decision}\n`, saying.sent);
  response.end(saying.body ?? (plain ? `${decision}\n${reply}\n` : JSON.stringify(ours)));
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

// Once its first line was sent, as much as is taken.
function pour(response: ServerResponse, first: string, sent: { bytes: number } | undefined): void {
  const part = Buffer.alloc(256 * 1024, 'x');
  response.write(first);
  const more = () => {
    while (!response.destroyed) {
      if (sent) sent.bytes += part.length;
      if (!response.write(part)) break;
    }
  };
  response.on('drain', more);
  more();
}
