// What the topic of the channel of changes says of freezes, before what people wrote there. Pure.
import { escapeSlack, shorten } from '../../core/message.js';
import { monthNames } from '../../core/time/zones.js';
import { type Frozen, windowNow } from './phase.js';
import { scopeWords } from './places.js';
import { freezeKey } from './words.js';

// docs.slack.dev, conversations.setTopic.
const topicLimit = 250;
/** Our part stands first, between brackets, and is known by its first word; the rest is people's. */
const ours = /^\[FROZEN\b[^\]]*\]\s*/;
const nameShown = 40;

/** The topic as it is to be; `before` as Slack gives it, escaped. What people wrote stays, whatever is frozen. */
export function topicOf(before: string, freezes: readonly Frozen[], at: Date): string {
  const theirs = before.replace(ours, '');
  const on = freezes.filter((each) => !each.drill && windowNow(each, at) !== null);
  const [first] = [...on].sort(
    (a, b) =>
      Number(a.mode === 'soft') - Number(b.mode === 'soft') ||
      breadth(b.scope) - breadth(a.scope) ||
      a.number - b.number,
  );
  if (!first) return theirs;
  const room = topicLimit - (theirs === '' ? 0 : theirs.length + 1);
  const part = forms(first, on.length - 1, at).find((each) => each.length <= room);
  // Not even the shortest fits: the channel's messages say it.
  if (part === undefined) return before;
  return theirs === '' ? part : `${part} ${theirs}`;
}

// The one that stops most people is named: all of it, an environment or a cluster, then single services.
function breadth({ include }: Frozen['scope']): number {
  return Math.max(
    ...include.map(({ services, environments, clusters, tiers }) => {
      if (services.length > 0 && !services.includes('*')) return 0;
      if (environments.length + clusters.length > 0) return 1;
      return tiers.length > 0 ? 2 : 3;
    }),
  );
}

// The longest first; the reason gives way before the place, and both before the end.
function forms(freeze: Frozen, more: number, at: Date): string[] {
  const until = windowNow(freeze, at)?.until ?? null;
  const key = freezeKey(freeze);
  const others = more > 0 ? `, and ${more} more` : '';
  const head = `FROZEN ${freeze.mode}${until ? ` until ${utcWords(until, at)}` : ''}`;
  const where = (limit: number) => shorten(scopeWords(freeze.scope), limit);
  const why = (limit: number) =>
    `${key}, ${shorten(freeze.owner.name, nameShown)}: ${shorten(freeze.reason, limit)}`;
  return [
    ...[300, 120, 80, 50, 30].map((limit) => `${head}: ${where(limit)} (${why(limit)})${others}`),
    `${head}: ${where(50)} (${key})${others}`,
    `${head}: ${key}${others}`,
    `FROZEN: ${key}`,
  ].map((text) => escapeSlack(`[${text.replace(/[[\]\n]/g, ' ')}]`));
}

/** `18:00 UTC`, or with the day where it is another one. */
function utcWords(until: Date, at: Date): string {
  const [day, time] = [until.toISOString().slice(0, 10), until.toISOString().slice(11, 16)];
  if (day === at.toISOString().slice(0, 10)) return `${time} UTC`;
  return `${until.getUTCDate()} ${(monthNames[until.getUTCMonth()] ?? '').slice(0, 3)} ${time} UTC`;
}
