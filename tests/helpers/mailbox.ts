// A mail server for tests, on loopback: it keeps the letters that it takes, and refuses as it is told.
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A letter as it arrived. */
export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  /** By lower-case name; folded lines are one again. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  /** The plain text, as its reader sees it. */
  readonly text: string;
  /** As it went over the wire. */
  readonly raw: string;
}

/**
 * How the server behaves: it takes all, says no for good (550) or for now (451), refuses who asks (535), says nothing,
 * or hangs up when it has heard the whole letter.
 */
export type MailMode = 'take' | 'refuse' | 'busy' | 'unauthorized' | 'silent' | 'hangUp';

export interface Mailbox {
  readonly url: string;
  readonly letters: readonly Letter[];
  /** From the next letter on. */
  refuse(mode: MailMode): void;
  close(): Promise<void>;
}

/** Opens a mail server; it closes itself when the test ends. */
export async function openMailbox(): Promise<Mailbox> {
  const letters: Letter[] = [];
  let mode: MailMode = 'take';
  const sockets = new Set<Socket>();
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, callback) {
      if (mode !== 'silent') callback();
    },
    onAuth(_auth, _session, callback) {
      if (mode === 'unauthorized') return callback(answer(535, 'who are you'));
      callback(null, { user: 'andon' });
    },
    onRcptTo(_address, _session, callback) {
      if (mode === 'refuse') return callback(answer(550, 'no such mailbox here'));
      if (mode === 'busy') return callback(answer(451, 'try again later'));
      callback();
    },
    onData(stream, session, callback) {
      void read(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom ? mailFrom.address : '';
        letters.push(
          letterOf(
            raw,
            from,
            rcptTo.map((each) => each.address),
          ),
        );
        if (mode === 'hangUp') return hangUp();
        callback(null, 'taken');
      });
    },
  });
  server.on('error', () => {});
  const listening = await new Promise<AddressInfo>((resolve) => {
    const socket = server.listen(0, '127.0.0.1', () => resolve(socket.address() as AddressInfo));
  });
  let closed: Promise<void> | null = null;
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${listening.port}`,
    letters,
    refuse(next) {
      mode = next;
    },
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        hangUp();
      });
      return closed;
    },
  };
  onTestFinished(() => mailbox.close());
  return mailbox;
}

function answer(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

function read(stream: SMTPServerDataStream): Promise<string> {
  return text(stream);
}

function letterOf(raw: string, from: string, to: string[]): Letter {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const headers = Object.fromEntries(
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 2)]),
  );
  const body = rest.join('\r\n\r\n');
  const encoding = headers['content-transfer-encoding']?.toLowerCase();
  const decoded =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? unquoted(body)
        : body;
  return {
    ...{ from, to, headers, raw },
    subject: words(headers.subject ?? ''),
    text: decoded.replaceAll('\r\n', '\n').trimEnd(),
  };
}

// RFC 2045: =C3=A4 is a byte, = at the end of a line joins it with the next.
function unquoted(body: string): string {
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

// RFC 2047: =?UTF-8?Q?=C3=A4?= is a word.
function words(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, coded: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(coded, 'base64').toString('utf8')
        : unquoted(coded.replaceAll('_', ' ')),
    );
}
