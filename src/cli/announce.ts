// `andon announce`: a change, by a pipeline that is a shell script; over HTTP, or beside Andon in its database.
import { IANAZone } from 'luxon';
import { readConfig } from '../config.js';
import type { Bound, Command } from '../core/command.js';
import { plainMessage } from '../core/message.js';
import { readTime, showInstant } from '../core/time/index.js';
import type { Database } from '../db/open.js';
import { execute } from '../execute.js';
import {
  amend,
  type Change,
  type ChangeState,
  changeBody,
  changeIdOf,
  changeKey,
  changePatch,
  kindFrom,
  lengthWord,
  readChangeKey,
  reportNative,
  toldOf,
} from '../features/change/index.js';
import { features } from '../features/index.js';
import { UsageError, withDatabase } from './kit.js';
import { Api, askBeside } from './ways.js';

export interface AnnounceOptions {
  readonly kind?: string;
  readonly on?: string[];
  readonly at?: string;
  readonly for?: string;
  readonly state?: string;
  readonly source?: string;
  readonly key?: string;
  readonly sequence?: string;
  readonly owner?: string;
  readonly url?: string;
  readonly artifact?: string;
  readonly previousArtifact?: string;
  readonly reversible?: string;
  readonly carriesOut?: string;
  readonly text?: string;
  readonly start?: string;
  readonly done?: string;
  readonly fail?: string;
  readonly rolledBack?: string;
  readonly cancel?: string;
  readonly ended?: string;
  readonly exit?: string;
  readonly json?: boolean;
}

const example = 'andon announce "Deploy api 4.12.0" --kind deploy --on api/prod --state started';

/** What is planned may be announced this much after it was to begin. */
const lateMs = 15 * 60_000;

/** What became of it, and what a person would have been told. */
interface Told {
  readonly id: string;
  readonly reply: string;
  readonly [member: string]: unknown;
}

/** Where changes are told: a running Andon, or its database. */
interface Way {
  announce(body: Readonly<Record<string, unknown>>): Promise<Told>;
  /** The change of this number, or of this key. */
  follow(
    change: number | { readonly source: string | undefined; readonly key: string },
    body: Readonly<Record<string, unknown>>,
  ): Promise<Told>;
}

/** Announces a change or says what became of one: its number goes to stdout (not with --ended), the sentence to stderr. */
export async function announce(words: readonly string[], options: AnnounceOptions): Promise<void> {
  const step = stepOf(options);
  const title = words.join(' ').trim();
  if (step && title !== '')
    throw new UsageError(
      `“${title}”: what becomes of a change is said with --text, such as --text "${title}".`,
    );
  const body = step
    ? { state: step.state, ...(step.text ? { text: step.text } : {}) }
    : announcementOf(title, options);
  const told = await inTheWay((way) => (step ? way.follow(step.change, body) : way.announce(body)));
  console.error(told.reply);
  if (options.json) console.log(JSON.stringify(told));
  // It is told from a script's trap, and whoever reads the script's output wants none of it.
  else if (options.ended === undefined) console.log(told.id);
}

async function inTheWay(work: (way: Way) => Promise<Told>): Promise<Told> {
  const { ANDON_URL: url, ANDON_TOKEN: token } = readConfig(process.env);
  if (url) return work(overHttp(new Api(url, token, 'change')));
  let told: Told | undefined;
  await withDatabase(async (db) => {
    told = await work(beside(db));
  });
  if (!told) throw new Error('nothing was told');
  return told;
}

/** What becomes of a change that was announced, where the options say so. */
function stepOf(options: AnnounceOptions) {
  const said = (
    [
      ['started', options.start],
      ['succeeded', options.done],
      ['failed', options.fail],
      ['rolled_back', options.rolledBack],
      ['cancelled', options.cancel],
    ] as const
  ).filter(([, change]) => change !== undefined);
  const { ended, exit } = options;
  if (said.length + (ended === undefined ? 0 : 1) > 1)
    throw new UsageError(
      'Say one thing at a time: --start, --done, --fail, --rolled-back, --cancel or --ended.',
    );
  if (ended === undefined && exit !== undefined)
    throw new UsageError(
      '--exit goes with --ended CHANGE, such as: andon announce --ended "$CHANGE" --exit $?',
    );
  const [first] = said;
  if (first) return { state: first[0], change: changeOf(first[1] ?? '', options), text: options.text };
  if (ended === undefined) return null;
  if (!/^\d{1,3}$/.test(exit ?? ''))
    throw new UsageError(
      '--ended needs the exit code of what ended: andon announce --ended "$CHANGE" --exit $?',
    );
  const state: ChangeState = Number(exit) === 0 ? 'succeeded' : 'failed';
  const text = options.text ?? (state === 'failed' ? `exit code ${exit}` : undefined);
  return { state, change: changeOf(ended, options), text };
}

function changeOf(word: string, { source }: AnnounceOptions) {
  if (word.trim() === '')
    throw new UsageError('Which change? Its name is empty: what announced it failed, or printed nothing.');
  const number = /^chg-?\d+$/i.test(word.trim()) ? readChangeKey(word) : null;
  return number ?? { source, key: word };
}

function announcementOf(title: string, options: AnnounceOptions): Record<string, unknown> {
  if (title === '') throw new UsageError(`Say in a few words what changes, such as: ${example}`);
  const targets = (options.on ?? []).flatMap((each) => each.split(',')).map((each) => each.trim());
  if (targets.length === 0) throw new UsageError(`Say where, such as: --on api/prod,web/prod`);
  const kind = options.kind ?? kindFrom(title);
  if (options.kind === undefined)
    console.error(`Taken for kind ${kind}, by its title; --kind says it for certain.`);
  const { sequence, at, state, source, key, owner, url, artifact, previousArtifact, reversible, text } =
    options;
  const said = {
    state,
    source,
    key,
    owner,
    url,
    artifact,
    previousArtifact,
    reversible,
    text,
    change: options.carriesOut,
  };
  const body = {
    ...{ kind, title, targets },
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    ...plannedOf(at, options.for, (state ?? 'planned') === 'planned'),
  };
  const checked = changeBody.safeParse(body);
  if (checked.success) return body;
  const [issue] = checked.error.issues;
  throw new UsageError(issue?.message ?? 'That does not fit.');
}

// A bare time is the next such one where this runs; what was understood is said, with its zone.
function plannedOf(
  at: string | undefined,
  length: string | undefined,
  planned: boolean,
): Record<string, string> {
  const now = new Date();
  const zone = zoneHere();
  const read = at === undefined ? null : readTime(at, { now, zone, direction: 'future' });
  if (read && !read.ok) throw new UsageError(`--at: ${read.reason}`);
  if (read?.ok && !read.time.at) throw new UsageError(`--at: “${at}” is no time that can be planned.`);
  const start = read?.ok ? read.time.at : null;
  const lasts = length === undefined ? null : lengthWord.safeParse(length);
  if (lasts && !lasts.success)
    throw new UsageError(lasts.error.issues[0]?.message ?? '--for: takes 30m or 2h.');
  if (read?.ok) for (const remark of read.remarks) console.error(remark);
  if (start) console.error(`Planned for ${showInstant(start, zone)} (${showInstant(start, 'UTC')}).`);
  if (start && planned && start.getTime() < now.getTime() - lateMs)
    throw new UsageError(
      `--at: ${showInstant(start, zone)} is over. Name a time to come, with its date; if it began then, add --state started.`,
    );
  const begins = start ?? now;
  const until = read?.ok ? read.time.until : null;
  const end = lasts?.success ? new Date(begins.getTime() + lasts.data) : until;
  return {
    ...(start || end ? { plannedStart: begins.toISOString() } : {}),
    ...(end ? { plannedEnd: end.toISOString() } : {}),
  };
}

// An unknown TZ would silently be UTC, and the change hours away from where it was meant.
function zoneHere(): string {
  const named = (process.env.TZ ?? '').replace(/^:/, '');
  if (/^[A-Za-z_]+\/[\w+/-]+$/.test(named) && !IANAZone.isValidZone(named))
    throw new UsageError(`TZ=${named} is no time zone. Set TZ to one, such as Europe/Berlin, or unset it.`);
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

function overHttp(api: Api): Way {
  const told = (answer: Record<string, unknown>): Told => ({
    ...answer,
    id: String(answer.id),
    reply: String(answer.reply),
  });
  return {
    announce: async (body) => told(await api.send('/changes', body)),
    async follow(change, body) {
      const number = typeof change === 'number' ? change : await numberOf(api, change);
      return told(await api.send(`/changes/${number}`, body, 'PATCH'));
    },
  };
}

async function numberOf(api: Api, named: { source: string | undefined; key: string }): Promise<number> {
  const query = new URLSearchParams({ key: named.key, ...(named.source ? { source: named.source } : {}) });
  const { changes } = await api.send(`/changes?${query}`);
  const [found] = changes as { number: number }[];
  if (!found) throw new UsageError(unknownKey(named.key));
  return found.number;
}

function unknownKey(key: string): string {
  return `No change has the key “${key}”. Name it as CHG-7, or by the --key and --source that it was announced with. Nothing was recorded.`;
}

function beside(db: Database): Way {
  return {
    announce: (body) => perform(db, reportNative, () => toldOf(changeBody.parse(body))),
    follow: (change, body) =>
      perform(db, amend, async (find) => ({
        ...changePatch.parse(body),
        id: typeof change === 'number' ? change : await find(change.source, change.key),
      })),
  };
}

async function perform(
  db: Database,
  command: Command,
  valuesOf: (
    find: (source: string | undefined, key: string) => Promise<number>,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>,
): Promise<Told> {
  const ask = await askBeside(db, false);
  const workspaceId = ask.workspace.id;
  const { read } = db.of(workspaceId);
  const values = await valuesOf(async (source = ask.actor.id, key) => {
    const row = await read.change.findUnique({
      where: { workspaceId_source_key: { workspaceId, source, key } },
    });
    if (!row) throw new UsageError(unknownKey(key));
    return row.number;
  });
  const bound = command.bind(values);
  if (!bound.ok) throw new UsageError(plainMessage(bound.refusal.message));
  const { reply, change } = await decided(db, bound.bound, ask, values);
  return { id: changeKey(change), state: change.state, reply };
}

async function decided(
  db: Database,
  bound: Bound,
  ask: Awaited<ReturnType<typeof askBeside>>,
  values: Record<string, unknown>,
): Promise<{ reply: string; change: Change }> {
  // A running Andon looks for work by itself, every half minute at the latest.
  const outcome = await execute({ db, features, wake() {} }, bound, ask);
  if (!outcome.accepted) throw new UsageError(plainMessage(outcome.refusal.message));
  const { read } = db.of(ask.workspace.id);
  const [first] = outcome.facts;
  // A word that came before states nothing; the change is there by its number or its key.
  const where = first
    ? { id: changeIdOf(first) }
    : typeof values.id === 'number'
      ? { workspaceId_number: { workspaceId: ask.workspace.id, number: values.id } }
      : {
          workspaceId_source_key: {
            workspaceId: ask.workspace.id,
            source: String(values.source ?? ask.actor.id),
            key: String(values.key),
          },
        };
  const change = await read.change.findUniqueOrThrow({ where });
  return { reply: plainMessage(outcome.reply), change };
}
