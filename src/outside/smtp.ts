// One letter over SMTP: one connection, every wait bounded, and errors sorted by what they mean for the job.
import { createTransport } from 'nodemailer';
import { shorten } from '../core/message.js';
import { OutsideRefused, OutsideUnreachable } from '../core/outside.js';
import { oneLine } from '../core/text.js';
import { isAddress } from '../features/oncall/index.js';
import { isLoopback } from './http.js';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password. */
  readonly url: string;
  readonly from: string;
}

export interface Letter {
  /** The same for a repeat of the same letter, so that whoever receives it twice knows. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly urgent?: boolean;
}

/** The server asked to come back later, with its words. */
export class MailLater extends Error {}

const method = 'smtp';
const waitMs = 10_000;
/** All of it; a lane is leased for 45 s. */
const letterMs = 30_000;
/** What looks through letters answers late: after the letter there is more patience than before it (RFC 5321, 4.5.3.2). */
const quietMs = letterMs - 2_000;
const wordsMax = 200;
const subjectMax = 150;

/** Sends a letter once. Throws OutsideRefused, OutsideUnreachable or MailLater. */
export async function sendLetter(settings: MailSettings, letter: Letter): Promise<void> {
  if (!isAddress(letter.to)) throw new OutsideRefused(method, 'that is no address');
  const transport = transportOf(settings);
  const domain = /@([^\s<>]+?)>?$/.exec(settings.from.trim())?.[1] ?? 'andon.invalid';
  const sending = transport.sendMail({
    from: settings.from,
    to: { name: '', address: letter.to },
    subject: shorten(oneLine(letter.subject), subjectMax),
    text: letter.text,
    messageId: `<${letter.id.replace(/[^\w.-]/g, '')}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    ...(letter.urgent ? { priority: 'high' as const } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await within(sending, letterMs);
  } catch (error) {
    throw sorted(error);
  } finally {
    transport.close();
  }
}

/** Whether the server answers and lets us in; null when it does, else what is wrong. */
export async function mailProblem(settings: MailSettings): Promise<string | null> {
  const transport = transportOf(settings);
  try {
    await within(transport.verify(), letterMs);
    return null;
  } catch (error) {
    const failure = sorted(error);
    return failure instanceof OutsideRefused ? failure.error : failure.message.replace(/^smtp: /, '');
  } finally {
    transport.close();
  }
}

function transportOf({ url }: MailSettings) {
  const { username, hostname } = new URL(url);
  return createTransport({
    url,
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: quietMs,
    dnsTimeout: waitMs,
    socketCloseTimeout: 0,
    // A password goes over no line that others may read.
    ...(username !== '' && !isLoopback(hostname) && url.startsWith('smtp:') ? { requireTLS: true } : {}),
  });
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutsideUnreachable(method, 'it took too long', true)), ms);
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface MailError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  /** At which step of the conversation. */
  readonly command?: string;
}

// Where there was no connection nothing was sent; after that the letter may have been taken before its answer was lost.
const notBegun = /^(?:connect |getaddrinfo |Connection timeout|Greeting never received)/i;

// RFC 5321, RFC 4954: it does not take the word, or not now, or wants to know who we are first; no address is at fault.
const notOfLetter: ReadonlySet<number> = new Set([500, 502, 503, 530, 534, 535, 538]);

function sorted(error: unknown): Error {
  if (error instanceof OutsideUnreachable || error instanceof OutsideRefused) return error;
  if (!(error instanceof Error)) return new OutsideUnreachable(method, String(error), false);
  const { code, responseCode = 0, response, command } = error as MailError;
  const words = shorten(oneLine(response ?? error.message), wordsMax);
  if (code === 'EAUTH' && (responseCode >= 500 || responseCode === 0))
    return new OutsideRefused(method, words, 'SMTP_URL');
  if (notOfLetter.has(responseCode)) return new OutsideRefused(method, words, 'SMTP_URL');
  if (responseCode >= 500 && command === 'MAIL FROM') return new OutsideRefused(method, words, 'MAIL_FROM');
  if (responseCode >= 500) return new OutsideRefused(method, words);
  if (responseCode >= 400) return new MailLater(words);
  if (code === 'ETLS') return new OutsideRefused(method, words, 'SMTP_URL');
  return new OutsideUnreachable(method, words, !notBegun.test(words) && code !== 'EDNS');
}
