// `andon note`: the timeline when chat is down, over HTTP or beside Andon in its database.
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { plainAsk } from './app.js';
import { Unreachable, UsageError, withDatabase } from './cli-kit.js';
import { readConfig } from './config.js';
import type { Ask } from './core/command.js';
import { plainMessage } from './core/message.js';
import { makeSurface } from './core/surface.js';
import { readLeadingTime } from './core/time/index.js';
import type { Database } from './db/open.js';
import { theWorkspace } from './db/workspace.js';
import { execute } from './execute.js';
import { openIncidents } from './features/incident/index.js';
import { features } from './features/index.js';

const answerWithinMs = 15_000;
/** How many open incidents are named to choose from. */
const namedMax = 10;
const example = 'andon note INC-12 10:42 failing over to eu-2';

interface Words {
  /** Null when the words name none. */
  readonly incident: number | null;
  readonly text: string;
}

/** Adds to a timeline and prints what was understood. */
export async function note(words: readonly string[], options: { private: boolean }): Promise<void> {
  const { ANDON_URL: url, ANDON_TOKEN: token } = readConfig(process.env);
  const read = readNote(words.join(' '));
  if (!url) return noteBeside(read, options.private);
  if (!token)
    throw new UsageError(
      'ANDON_TOKEN is missing: with ANDON_URL, the command line needs a token of that Andon.',
    );
  console.log(await noteOverHttp(new Api(url, token), read));
}

function readNote(line: string): Words {
  const named = /^inc-?(\d{1,9})(?:\s+|$)/i.exec(line.trim());
  const text = line
    .trim()
    .slice(named?.[0].length ?? 0)
    .trim();
  if (text === '') throw new UsageError(`Say what happened, such as: ${example}`);
  return { incident: named ? Number(named[1]) : null, text };
}

/** Speaks to a running Andon, and turns its answers into what the command line does about them. */
class Api {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#token = token;
  }

  async send(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const response = await this.#fetch(`${this.#url}/api/v1${path}`, body);
    const text = await response.text().catch(() => '');
    const said = readJson(text);
    if (response.ok && said) return said;
    const detail = typeof said?.detail === 'string' ? said.detail : null;
    if (response.status >= 500)
      throw new Unreachable(`Andon at ${this.#url} failed (${response.status}). ${detail ?? ''}`.trim());
    if (detail !== null) throw new UsageError(detail);
    throw new UsageError(
      `What answers at ${this.#url} is not Andon (status ${response.status}). ANDON_URL must be Andon's own address.`,
    );
  }

  async #fetch(address: string, body: unknown): Promise<Response> {
    try {
      return await fetch(address, {
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Unreachable(unreachable(this.#url, error, body !== undefined));
    }
  }
}

function unreachable(url: string, error: unknown, sent: boolean): string {
  const timedOut = (error as { name?: string } | null)?.name === 'TimeoutError';
  const cause = (error as { cause?: { code?: string } } | null)?.cause?.code;
  if (timedOut && sent)
    return `Andon at ${url} did not answer within ${answerWithinMs / 1000} s. It may have recorded the note: look before you send it again.`;
  const why = timedOut ? `no answer within ${answerWithinMs / 1000} s` : (cause ?? 'no connection');
  return `Andon at ${url} cannot be reached (${why}); nothing was recorded. Where its database can be reached, unset ANDON_URL and set DATABASE_URL.`;
}

async function noteOverHttp(api: Api, words: Words): Promise<string> {
  // Where the time ends is the same in every zone; what it means is for Andon to say.
  const leading = readLeadingTime(words.text, { now: new Date(), zone: 'UTC' });
  if (leading && !leading.reading.ok) throw new UsageError(leading.reading.reason);
  const time = leading?.reading.ok ? leading.reading.time.asWritten : undefined;
  const text = leading ? leading.rest : words.text;
  if (text === '') throw new UsageError(`Say what happened, such as: ${example}`);
  const number = words.incident ?? (await onlyOpen(api));
  const answer = await api.send(`/incidents/${number}/timeline`, { text, ...(time ? { time } : {}) });
  // The time and the text are sent apart, so only here is it known that a word may belong to either.
  return [String(answer.reply), leading?.doubt?.remark].filter(Boolean).join('\n');
}

async function onlyOpen(api: Api): Promise<number> {
  const { incidents } = await api.send(`/incidents?status=open&limit=${namedMax}`);
  return chosen(incidents as { number: number; title: string }[]);
}

function chosen(open: readonly { number: number; title: string }[]): number {
  const [first, ...more] = open;
  if (!first) throw new UsageError(`No incident is open. Name the one you mean, such as: ${example}`);
  if (more.length === 0) return first.number;
  const names = open.map((each) => `INC-${each.number} ${each.title.slice(0, 40)}`).join('; ');
  throw new UsageError(`Which incident? Put its number first, such as: ${example}. Open: ${names}.`);
}

async function noteBeside(words: Words, seesPrivate: boolean): Promise<void> {
  await withDatabase(async (db) => {
    const ask = await askBeside(db, seesPrivate);
    const rows = db.of(ask.workspace.id);
    const number = words.incident ?? chosen(await openIncidents(rows.read, ask, namedMax));
    const { zone, locale } = ask.workspace;
    const routed = makeSurface(features).route('incident', `note INC-${number} ${words.text}`, {
      time: { now: ask.now, zone, workspaceZone: zone, locale },
      me: { id: ask.actor.id, name: ask.actor.name },
      people: new Map(),
    });
    if (routed.kind === 'refused') throw new UsageError(plainMessage(routed.refusal.message));
    if (routed.kind !== 'command') throw new UsageError(`Say what happened, such as: ${example}`);
    // A running Andon looks for work by itself, every half minute at the latest.
    const outcome = await execute({ db, features, wake() {} }, routed.bound, ask);
    if (!outcome.accepted) throw new UsageError(plainMessage(outcome.refusal.message));
    console.log(plainMessage(outcome.reply));
  });
}

async function askBeside(db: Database, seesPrivate: boolean): Promise<Ask> {
  const workspace = await theWorkspace(db);
  if (!workspace)
    throw new UsageError('This database is empty. Set DATABASE_URL to the one that Andon uses.');
  const name = process.env.USER || userInfo().username;
  const actor = { kind: 'person', id: `cli:${name}`, name, zone: workspace.zone } as const;
  return { ...plainAsk(workspace, actor, 'cli', new Date()), seesPrivate };
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
