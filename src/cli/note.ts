// `andon note`: the timeline when chat is down, over HTTP or beside Andon in its database.

import { readConfig } from '../config.js';
import { plainMessage } from '../core/message.js';
import { makeSurface } from '../core/surface.js';
import { readLeadingTime } from '../core/time/index.js';
import { execute } from '../execute.js';
import { openIncidents } from '../features/incident/index.js';
import { features } from '../features/index.js';
import { UsageError, withDatabase } from './kit.js';
import { Api, askBeside } from './ways.js';

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
  console.log(await noteOverHttp(new Api(url, token, 'note'), read));
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
