// What a redaction states, and what whoever redacts must see to themselves. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack, type Stated } from '../../core/fact.js';
import { line, type Message, message, type Part, say } from '../../core/message.js';
import { about, type Incident, incidentKey } from '../incident/index.js';
import { type Entry, entryRedacted, noEntry, type OnEntry, wordsRedacted } from '../timeline/index.js';

export interface RedactState extends OnEntry {
  /** The entry, what it corrects and what corrects it. */
  readonly family: readonly Entry[];
  /** All facts that hold its words, and the requests whose answers may repeat them. */
  readonly factIds: readonly string[];
  readonly requestIds: readonly string[];
  /** It named the incident. */
  readonly title: boolean;
  /** Whether the fact holds words that can be taken out. */
  readonly hasWords: boolean;
  readonly drafts: number;
  /** The messages in which people said it, where Slack keeps them. */
  readonly links: readonly string[];
  /** The incidents whose title has its words, with the entry that holds that. */
  readonly namesakes: readonly { readonly number: number; readonly seq: number }[];
  /** Who has a letter with them, or a pager's call: `Bob by e-mail`. */
  readonly sent: readonly string[];
}

interface Input {
  readonly entry: number;
  readonly reason: string;
}

export function decideRedact(state: RedactState, input: Input, ask: Ask): Decision {
  const { incident, entry, family } = state;
  if (!entry) return noEntry(state, input);
  if (entry.redacted) return refuse(say(`Entry #${entry.seq} was redacted before. Nothing was changed.`));
  if (!state.hasWords)
    return refuse(say(`Entry #${entry.seq} holds no words of a person, so there is nothing to take out.`));
  const seqs = family.map((each) => `#${each.seq}`).join(', ');
  const kin = family.length > 1 ? `, with its corrections (${seqs})` : '';
  const drafts = state.drafts > 0 ? ' and drafts' : '';
  return accept(
    [ofEntry(state, incident, entry, input.reason, false)],
    message(
      line(
        `#${entry.seq} is taken out of the record${kin}. My messages${drafts} in Slack are being replaced.`,
      ),
      ...left([state], state, ask),
    ),
  );
}

/** Words that are named by a key: those of a report, of a page, of a heartbeat's pauses. */
export interface KeyedState {
  readonly of: 'report' | 'page' | 'heartbeat';
  readonly key: string;
  readonly id: string;
  readonly stream: string;
  /** Facts that hold words and are of no incident, oldest first. */
  readonly loose: readonly { readonly id: string; readonly at: Date; readonly requestId: string }[];
  /** The incidents of whose timelines some are entries. */
  readonly entries: readonly RedactState[];
  /** Whoever asks may not see these incidents: the words are theirs, and that is all that they hear of. */
  readonly outsider: boolean;
  readonly wasRedacted: boolean;
  /** Requests whose answers repeat the words, and the messages in which people said them. */
  readonly requestIds: readonly string[];
  readonly links: readonly string[];
  readonly sent: readonly string[];
}

/** Takes out all words that a key names, in each record where they stand. */
export function decideKeyed(state: KeyedState, input: { reason: string | null }, ask: Ask): Decision {
  const { key, entries, outsider } = state;
  const stated = statedOf(state, input.reason);
  if (stated.length === 0)
    return refuse(
      say(
        state.wasRedacted
          ? `${key} was redacted before. Nothing was changed.`
          : `${key} holds no words of a person, so there is nothing to take out.`,
      ),
    );
  const where = entries.map(({ incident, entry }) => `#${entry?.seq} of ${incidentKey(incident)}`).join(', ');
  const also = entries.length > 0 && !outsider ? `, and so is ${where}` : '';
  const drafts = !outsider && entries.some((each) => each.drafts > 0) ? ' and drafts' : '';
  return accept(
    stated,
    message(
      line(
        `${key}’s words are taken out of the record${also}; that it was there stays. My messages${drafts} in Slack are being replaced.`,
      ),
      ...left(outsider ? [] : entries, state, ask),
    ),
  );
}

function statedOf({ of, key, id, stream, loose, ...state }: KeyedState, reason: string | null): Stated[] {
  const stated: Stated[] = [];
  for (const each of state.entries)
    if (each.entry && !each.entry.redacted) {
      const requestIds = [...new Set([...each.requestIds, ...state.requestIds])];
      const why = reason ?? 'no reason was given';
      stated.push(ofEntry({ ...each, requestIds }, each.incident, each.entry, why, state.outsider));
    }
  // What a timeline repeats is taken out with its entry.
  const taken = new Set(state.entries.flatMap((each) => (each.entry?.redacted ? [] : each.factIds)));
  const rest = loose.filter((each) => !taken.has(each.id));
  if (rest.length === 0) return stated;
  const requestIds = [...new Set([...rest.map((each) => each.requestId), ...state.requestIds])];
  const facts = rest.map((each) => ({ id: each.id, at: each.at }));
  return [...stated, wordsRedacted({ of, key, id, facts, requestIds, reason }, { stream })];
}

function ofEntry(
  state: Pick<RedactState, 'factIds' | 'requestIds' | 'title'>,
  incident: Incident,
  entry: Entry,
  reason: string,
  outsider: boolean,
): Stated {
  const { title, factIds, requestIds } = state;
  const lists = { factIds: [...factIds], requestIds: [...requestIds] };
  return entryRedacted(
    { entryId: entry.id, seq: entry.seq, ...lists, title, reason, outsider },
    about(incident),
  );
}

// What has the same words on record, and what no program can take back.
function left(
  entries: readonly RedactState[],
  { links, sent }: Pick<RedactState, 'links' | 'sent'>,
  ask: Ask,
): Part[] {
  const title = entries.find((each) => each.title && each.incident.placeKind === 'channel');
  const items = links.map((url) =>
    line('• the message in which it was said: ', { url, label: 'open it' }, ', to be deleted there'),
  );
  if (sent.length > 0)
    items.push(
      line(`• what left with a page, to ${sent.join(', ')}: it cannot be called back, ask them to delete it`),
    );
  if (title) {
    const links = isInSlack(ask.actor.id) ? '; I send you the links' : '; look for it there';
    items.push(
      line(`• what Slack itself wrote in the channel when its topic, purpose and name were set${links}`),
    );
  }
  if (entries.length > 0)
    items.push(line('• files that people downloaded, and what `andon export` wrote to disk'));
  items.push(
    line(
      '• notifications on phones, e-mails that Slack sent, answers that only one person saw, and backups of the database',
    ),
  );
  return [
    ...entries.flatMap((each) => each.namesakes).map(namesake),
    line('What I cannot reach, and you may have to see to:'),
    ...items,
  ];
}

function namesake({ number, seq }: { readonly number: number; readonly seq: number }): Part {
  return line(
    `INC-${number}’s title has the same words: `,
    { code: `/incident redact INC-${number} #${seq} REASON` },
    ' takes them out too.',
  );
}

/** Said where somebody was called for a page and may not see what it is about. */
export function notTheirs(key: string): Message {
  return say(
    `${key} is of a private incident, which you are not in, so you cannot redact it. Ask somebody who is. Nothing was done.`,
  );
}
