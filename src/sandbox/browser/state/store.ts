// What one person sees of the workspace, and how each change from the server alters it. Pure.
import type { Opening, PageChange, PageMessage, WireCard } from '../../page/contract.js';

/** The messages of one channel, as far as the page has them. */
export interface Log {
  /** `stale`: shown, and to be fetched again. `refused`: the server would not show it. */
  readonly state: 'loading' | 'ready' | 'stale' | 'refused';
  /** By time. */
  readonly messages: readonly PageMessage[];
  /** What came while the channel was being fetched; it holds after the answer too. */
  readonly late: readonly MessageChange[];
}

export interface Space {
  readonly opening: Opening;
  readonly logs: Readonly<Record<string, Log>>;
  /** What was dismissed stays away when the channel is fetched again: `channel/ts`. */
  readonly dismissed: readonly string[];
  /** Views closed here, by id, of which the server does not know yet: it may show them again. */
  readonly closed: readonly string[];
}

type MessageChange = Extract<PageChange, { kind: 'message' | 'message-gone' }>;

export type SpaceChange =
  | PageChange
  | { kind: 'opened'; opening: Opening }
  | { kind: 'asked'; channel: string }
  | { kind: 'fetched'; channel: string; messages: PageMessage[] }
  | { kind: 'refused'; channel: string }
  | { kind: 'dismissed'; channel: string; ts: string }
  | { kind: 'view-closed'; id: string }
  | { kind: 'closing-told' };

/** The server keeps as many; more would only fill memory. */
const keptWireCards = 1000;

/** The person whose words to one alone the page itself invents, as Slackbot does. */
export const pageVoice = 'USLACKBOT';

const nothing: Log = { state: 'stale', messages: [], late: [] };

/** A space as it stands when the workspace was opened for the first time. */
export function openSpace(opening: Opening): Space {
  return { opening, logs: {}, dismissed: [], closed: [] };
}

/** A space that was left, taken up again: what was being fetched for it comes no more. */
export function resumed(space: Space): Space {
  return { ...space, logs: mapLogs(space.logs, (log) => ({ ...log, state: 'stale', late: [] })) };
}

/** The space after one change. Parts that did not change stay the same objects. */
export function changed(space: Space, change: SpaceChange): Space {
  switch (change.kind) {
    case 'opened':
      return withoutClosed({ ...space, opening: change.opening, logs: mapLogs(space.logs, staled) });
    case 'asked':
      return withLog(space, change.channel, (log) => ({ ...log, state: 'loading', late: [] }));
    case 'fetched':
      return withLog(space, change.channel, (log) => fetched(space, log, change.messages));
    case 'refused':
      return withLog(space, change.channel, () => ({ ...nothing, state: 'refused' }));
    case 'dismissed': {
      const gone = { ...change, kind: 'message-gone' } as const;
      const without = withLog(space, change.channel, (log) => applied(log, gone));
      return { ...without, dismissed: [...space.dismissed, keyOf(change)] };
    }
    case 'view-closed':
      return withoutClosed({ ...space, closed: [...space.closed, change.id] });
    case 'closing-told':
      return space.closed.length === 0 ? space : { ...space, closed: [] };
    case 'message':
      if (space.dismissed.includes(keyOf(change.message))) return space;
      return withKnownLog(space, change.message.channel, (log) => told(log, change));
    case 'message-gone':
      return withKnownLog(space, change.channel, (log) => told(log, change));
    default:
      return withoutClosed({ ...space, opening: opened(space.opening, change) });
  }
}

function withoutClosed(space: Space): Space {
  const { view } = space.opening;
  if (!view || !space.closed.includes(view.id)) return space;
  return { ...space, opening: { ...space.opening, view: null } };
}

function opened(opening: Opening, change: Exclude<PageChange, MessageChange>): Opening {
  switch (change.kind) {
    case 'channel':
      return { ...opening, channels: put(opening.channels, change.channel) };
    case 'channel-gone':
      return { ...opening, channels: opening.channels.filter((each) => each.id !== change.id) };
    case 'person': {
      const me = change.person.id === opening.me.id ? change.person : opening.me;
      return { ...opening, me, people: put(opening.people, change.person) };
    }
    case 'view':
      return { ...opening, view: change.view };
    case 'home':
      return { ...opening, home: change.view };
    case 'wire':
      return { ...opening, wire: withCard(opening.wire, change.card) };
    case 'faults':
      return { ...opening, faults: change.faults };
  }
}

function put<T extends { id: string }>(list: readonly T[], item: T): T[] {
  return list.some((each) => each.id === item.id)
    ? list.map((each) => (each.id === item.id ? item : each))
    : [...list, item];
}

function withCard(cards: readonly WireCard[], card: WireCard): WireCard[] {
  const at = cards.findLastIndex((each) => each.number === card.number);
  return at === -1 ? [...cards, card].slice(-keptWireCards) : cards.with(at, card);
}

function withLog(space: Space, channel: string, change: (log: Log) => Log): Space {
  return { ...space, logs: { ...space.logs, [channel]: change(space.logs[channel] ?? nothing) } };
}

/** A channel that was never looked at is fetched whole when it is. */
function withKnownLog(space: Space, channel: string, change: (log: Log) => Log): Space {
  return space.logs[channel] ? withLog(space, channel, change) : space;
}

function mapLogs(logs: Space['logs'], change: (log: Log) => Log): Space['logs'] {
  return Object.fromEntries(Object.entries(logs).map(([id, log]) => [id, change(log)]));
}

function staled(log: Log): Log {
  return log.state === 'loading' ? log : { ...log, state: 'stale' };
}

function told(log: Log, change: MessageChange): Log {
  const late = log.state === 'loading' ? [...log.late, change] : log.late;
  return { ...applied(log, change), late };
}

function fetched(space: Space, log: Log, messages: readonly PageMessage[]): Log {
  const ours = log.messages.filter((each) => each.user === pageVoice);
  const shown = [...messages, ...ours].filter((each) => !space.dismissed.includes(keyOf(each)));
  const all: Log = { state: 'ready', messages: shown.toSorted(byTime), late: [] };
  return log.late.reduce(applied, all);
}

function applied(log: Log, change: MessageChange): Log {
  if (change.kind === 'message-gone')
    return { ...log, messages: log.messages.filter((each) => each.ts !== change.ts) };
  const { message } = change;
  const at = log.messages.findLastIndex((each) => each.ts === message.ts);
  if (at !== -1) return { ...log, messages: log.messages.with(at, message) };
  const last = log.messages.at(-1);
  const messages = [...log.messages, message];
  return { ...log, messages: last && last.ts > message.ts ? messages.toSorted(byTime) : messages };
}

function byTime(a: PageMessage, b: PageMessage): number {
  return a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0;
}

function keyOf(message: { channel: string; ts: string }): string {
  return `${message.channel}/${message.ts}`;
}

/** Words of Slack's client itself to one person, such as why a command failed. */
export function slackbotSays(given: {
  channel: string;
  text: string;
  ts: string;
  threadTs?: string;
}): PageMessage {
  return {
    ...given,
    user: pageVoice,
    blocks: [],
    attachments: [],
    edited: false,
    reactions: [],
    files: [],
    permalink: '',
    ephemeral: true,
  };
}
