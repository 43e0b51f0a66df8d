// How a wire card reads: who spoke to whom, what it was about. Plain values, no page.
import type { Json, WireCard } from '../../page/contract.js';
import { masked } from './masked.js';

export type Shown = 'all' | 'refused' | 'commands' | 'events' | 'calls';

export const SHOWN: readonly { value: Shown; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'refused', label: 'Refused' },
  { value: 'commands', label: 'Commands and clicks' },
  { value: 'events', label: 'Events' },
  { value: 'calls', label: 'Calls' },
];

const KINDS: Readonly<Record<Exclude<Shown, 'all' | 'refused'>, readonly WireCard['kind'][]>> = {
  commands: ['command', 'interaction'],
  events: ['event', 'verification'],
  calls: ['call', 'response_url'],
};

/** The cards one asked for, by time; every word of `words` must occur somewhere in the card. */
export function cardsShown(cards: readonly WireCard[], shown: Shown, words: string): WireCard[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = cards.filter((card) => {
    if (shown === 'refused' && card.state !== 'refused') return false;
    if (shown !== 'all' && shown !== 'refused' && !KINDS[shown].includes(card.kind)) return false;
    if (wanted.length === 0) return true;
    const text = textOf(card);
    return wanted.every((word) => text.includes(word));
  });
  // A call is numbered when it is answered, after the events that it caused.
  return found.sort((a, b) => a.at - b.at || a.number - b.number);
}

const texts = new WeakMap<WireCard, string>();

// What is masked cannot be found either: a search must not confirm a guessed secret.
function textOf(card: WireCard): string {
  const known = texts.get(card);
  if (known !== undefined) return known;
  const { kind, name, state, error, meaning, sent, answer } = card;
  const said = [
    directionOf(card),
    kind,
    name,
    state,
    error,
    meaning,
    JSON.stringify(masked({ sent, answer })),
  ];
  const text = said.join(' ').toLowerCase();
  texts.set(card, text);
  return text;
}

/** "Slack → Andon", in words for those who do not see the arrow. */
export function directionOf(card: WireCard, app = 'Andon'): string {
  return card.direction === 'to-app' ? `Slack → ${app}` : `${app} → Slack`;
}

/** What became of it, as a word and never as a colour alone. */
export function stateOf(card: WireCard): string {
  const outcome = card.state === 'refused' && card.error ? `refused: ${card.error}` : card.state;
  return card.repeats === undefined ? outcome : `again, ${outcome}`;
}

/** How long it took, as short as a row needs it. */
export function tookOf(card: WireCard): string {
  const { latencyMs } = card;
  if (latencyMs === undefined) return '';
  return latencyMs < 1000 ? `${Math.round(latencyMs)} ms` : `${(latencyMs / 1000).toFixed(1)} s`;
}

const LONGEST_SUMMARY = 80;

/** What it was about: the words typed, the button pressed, the text posted. */
export function summaryOf(card: WireCard): string {
  const { sent } = card;
  const found = card.direction === 'to-app' ? fromSlack(card.kind, sent) : fromApp(sent);
  const line = String(masked(found)).replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_SUMMARY ? `${line.slice(0, LONGEST_SUMMARY - 1)}…` : line;
}

function fromSlack(kind: WireCard['kind'], sent: Json): string {
  if (kind === 'command') return text(sent.text);
  if (kind === 'event') {
    const event = object(sent.event);
    return text(event.text) || text(event.reaction) || text(object(event.message).text);
  }
  const [action] = Array.isArray(sent.actions) ? sent.actions : [];
  const view = object(sent.view);
  return text(object(action).action_id) || text(sent.callback_id) || text(view.callback_id);
}

function fromApp(sent: Json): string {
  const view = object(sent.view);
  return (
    text(sent.text) ||
    text(sent.name) ||
    text(sent.topic) ||
    text(sent.title) ||
    text(object(view.title).text) ||
    text(sent.channel) ||
    text(sent.channel_id) ||
    text(sent.user)
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

const MOST_NAMED = 2;

/** How many were refused after the card of that number; a server that began anew counts from the beginning. */
export function refusedSince(cards: readonly WireCard[], number: number): number {
  const since = (cards.at(-1)?.number ?? 0) < number ? 0 : number;
  return cards.filter((card) => card.state === 'refused' && card.number > since).length;
}

/** What a live region says of cards that were refused since it last spoke; empty when none was. */
export function announcementOf(refused: readonly WireCard[]): string {
  if (refused.length === 0) return '';
  const counts = new Map<string, number>();
  for (const card of refused) {
    const name = `${card.name} ${card.error ?? ''}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const named = [...counts]
    .slice(0, MOST_NAMED)
    .map(([name, count]) => (count > 1 ? `${name} (${count})` : name));
  const others = counts.size > MOST_NAMED ? ` and ${counts.size - MOST_NAMED} more` : '';
  return `${refused.length} refused: ${named.join(', ')}${others}`;
}

/** The time of day with its milliseconds, in a zone. */
export function clockOf(at: number, zone?: string): string {
  return formatter(zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(at);
}

/** The whole instant, for a title. */
export function instantOf(at: number, zone?: string): string {
  return formatter(zone, {
    dateStyle: 'full',
    timeStyle: 'long',
  }).format(at);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

// Making a formatter costs more than using it a hundred times.
function formatter(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone ?? ''} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  formatters.set(key, known);
  return known;
}
