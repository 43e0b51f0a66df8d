// Subscribing: who wants to hear of which incidents, people by direct message and mail, channels by message.
import { z } from 'zod';
import { type Ask, accept, type Decision, defineCommand, type Query, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { line, list, message, type Span, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { channelOf } from '../catalog/index.js';
import { type Component, componentName, componentWord, severities, severityWord } from '../incident/index.js';
import {
  channelSpan,
  type SubscriptionSaid,
  subscriptionEnded,
  subscriptionMade,
  subscriptionsStream,
} from './facts.js';
import { type SubscriptionRow, subscribedOf } from './store.js';
import { wishSaid } from './words.js';

const subscriptionsMax = 20;
const namesMax = 20;
const about = { stream: subscriptionsStream };

const channelWord = z.string().transform((word, context) => {
  const channel = channelOf(word);
  if (channel !== '') return channel;
  context.issues.push({
    code: 'custom',
    input: word,
    message: 'Say which channel: channel:#support, or channel:here.',
  });
  return '';
});

const environmentsWord = z
  .array(z.string())
  .max(namesMax, { error: `At most ${namesMax} environments.` })
  .default([])
  .transform((words) => [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))]);

const subscribeInput = z.object({
  on: z
    .array(componentWord)
    .max(namesMax, { error: `At most ${namesMax} components.` })
    .default([]),
  env: environmentsWord,
  sev: severityWord.optional(),
  channel: channelWord.optional(),
  mail: z.boolean().default(false),
});
type SubscribeInput = z.infer<typeof subscribeInput>;

interface State {
  /** Everything that this target subscribed to. */
  readonly mine: readonly SubscriptionRow[];
  /** Whether an address of the asker is known. */
  readonly address: boolean;
  /** The channel is where incidents are announced anyway. */
  readonly announced: boolean;
  /** Services that were named and that the catalogue, where there is one, does not have. */
  readonly unknown: readonly string[];
}

interface Target {
  readonly kind: 'person' | 'channel';
  readonly id: string;
  readonly name: string;
}

// `here` is the channel in which it is said.
function targetOf(input: { channel?: string | undefined }, ask: Ask): Target {
  const { channel } = input;
  if (channel === undefined) return { kind: 'person', id: ask.actor.id, name: ask.actor.name };
  const here = channel === 'here' ? ask.channelId : null;
  return { kind: 'channel', id: here ?? channel, name: here ?? channel };
}

async function load(
  tx: Tx,
  input: { channel?: string | undefined; on: readonly Component[] },
  ask: Ask,
): Promise<State> {
  const { kind, id } = targetOf(input, ask);
  const workspaceId = ask.workspace.id;
  const known = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const path = await tx.contactPath.findFirst({ where: { workspaceId, userId: ask.actor.id } });
  return {
    mine: await tx.subscription.findMany({
      where: { workspaceId, kind, targetId: id },
      orderBy: { at: 'asc' },
    }),
    address: Boolean(path?.mail),
    announced: kind === 'channel' && [known.incidentsChannel, known.incidentsChannelId].includes(id),
    unknown: await unknownOf(tx, workspaceId, input.on),
  };
}

// A catalogue without any service says nothing by not having this one.
async function unknownOf(tx: Tx, workspaceId: string, on: readonly Component[]): Promise<string[]> {
  if (on.length === 0) return [];
  const rows = await tx.service.findMany({ where: { workspaceId }, select: { name: true } });
  const there = new Set(rows.map(({ name }) => name.toLowerCase()));
  const named = [...new Set(on.map(({ service }) => service))];
  return there.size === 0 ? [] : named.filter((name) => !there.has(name.toLowerCase()));
}

export const subscribe = defineCommand<SubscribeInput, null, State>({
  verb: {
    surface: 'incident',
    words: ['subscribe'],
    usage: '[on:COMPONENT,…] [env:ENV,…] [sev:] [channel:] [mail]',
    summary:
      'You hear of incidents and their updates, or a channel does: of what on:, env: and sev: name (sev:2 is 2 and worse), of all without.',
    example: '/incident subscribe on:api/prod sev:2 channel:#support',
    onIncident: false,
    inDrill: 'refused',
  },
  input: subscribeInput,
  locate: async () => ({ streams: [subscriptionsStream], target: null }),
  load: (tx, input, _target, ask) => load(tx, input, ask),
  decide: decideSubscribe,
});

function decideSubscribe(state: State, input: SubscribeInput, ask: Ask): Decision {
  const target = targetOf(input, ask);
  if (target.kind === 'person' && !isInSlack(target.id))
    return refuse(
      say('People and channels of Slack subscribe, not programs. Name a channel: ', {
        code: 'channel:#support',
      }),
    );
  if (target.kind === 'channel' && target.id === 'here')
    return refuse(
      say('Which channel? Here is none. Say ', { code: 'channel:#support' }, '. Nothing was done.'),
      'channel',
    );
  if (state.announced)
    return refuse(
      say(
        'Incidents are announced there already, with their updates in the thread of each. Nothing was done.',
      ),
      'channel',
    );
  if (input.mail && target.kind === 'channel')
    return refuse(say('Mail goes to people: say it without channel:. Nothing was done.'), 'mail');
  if (state.mine.length >= subscriptionsMax)
    return refuse(say(`${subscriptionsMax} is the most. `, { code: '/incident unsubscribe' }, ' ends them.'));
  const made = saidOf(input, target, ask.newId());
  const same = state.mine.find((each) => sameWish(each, made));
  if (same && same.mail === made.mail)
    return refuse(say(...whoSpans(target, ask), ` already: ${wishText(made)}. Nothing was changed.`));
  const ended = same ? [endedOf(same, state.mine.length - 1)] : [];
  return accept(
    [...ended, subscriptionMade(made, about)],
    message(
      line(
        ...whoSpans(target, ask),
        `: ${wishText(made)}. Each is told once, then its updates, then its end.`,
      ),
      state.unknown.length > 0 &&
        line(
          `No service ${state.unknown.map((name) => `“${name}”`).join(' or ')} is known; `,
          { code: '/change services' },
          ' shows those that are. Nothing is told before an incident names it so.',
        ),
      made.mail &&
        (state.address
          ? line('By mail as well. Of a private incident a letter says only that there is something new.')
          : line('I know no address of yours yet, so no mail comes. To say it: ', {
              code: '/incident contact mail:you@example.com',
            })),
      target.kind === 'channel' && line('If I cannot post there, you hear of it. I may have to be invited.'),
      line('To end it: ', { code: unsubscribeLine(target, ask) }),
    ),
  );
}

function saidOf(input: SubscribeInput, target: Target, id: string): SubscriptionSaid {
  const { sev } = input;
  return {
    ...{ id, kind: target.kind, targetId: target.id, targetName: target.name },
    services: [...new Set(input.on.map(componentName))],
    environments: input.env,
    // 2 is 2 and worse.
    severities: sev ? severities.slice(0, severities.indexOf(sev) + 1) : [],
    mail: input.mail,
  };
}

function sameWish(row: SubscriptionRow, made: SubscriptionSaid): boolean {
  const key = (it: Pick<SubscriptionSaid, 'services' | 'environments'> & { severities: readonly string[] }) =>
    JSON.stringify([[...it.services].sort(), [...it.environments].sort(), it.severities]);
  return key(subscribedAs(row)) === key(made);
}

function subscribedAs(row: SubscriptionRow) {
  const { services, environments, severities: levels } = subscribedOf(row);
  return { services: [...services], environments: [...environments], severities: [...levels] };
}

function whoSpans(target: Target, ask: Ask): Span[] {
  if (target.kind === 'person') return [{ bold: 'You hear of incidents' }];
  if (target.id === ask.channelId) return [{ bold: 'This channel hears of incidents' }];
  return [channelSpan(target), ' hears of incidents'];
}

// The words of an answer to who said it.
function channelWords(target: Target, ask: Ask): Span[] {
  return target.id === ask.channelId ? ['This channel'] : [channelSpan(target)];
}

function wishText(it: {
  services: readonly string[];
  environments: readonly string[];
  severities: readonly string[];
}): string {
  const last = it.severities.at(-1);
  const parts = [
    it.services.length > 0 ? `on ${it.services.join(', ')}` : 'on anything',
    it.environments.length > 0 ? `in ${it.environments.join(', ')}` : '',
    last && last !== 'SEV4' ? `of ${last}${last === 'SEV1' ? '' : ' and worse'}` : 'of any severity',
  ];
  return parts.filter((each) => each !== '').join(' ');
}

function unsubscribeLine({ kind, id, name }: Target, ask: Ask): string {
  if (kind === 'person') return '/incident unsubscribe';
  // A name that is no name but what Slack calls it: said in that channel, it is `here`.
  return `/incident unsubscribe channel:${id === ask.channelId ? 'here' : id === name ? `#${name}` : name}`;
}

const unsubscribeInput = z.object({
  on: z.array(componentWord).default([]),
  channel: channelWord.optional(),
});

export const unsubscribe = defineCommand<z.infer<typeof unsubscribeInput>, null, State>({
  verb: {
    surface: 'incident',
    words: ['unsubscribe'],
    usage: '[on:COMPONENT,…] [channel:]',
    summary: 'You, or a channel, hear of incidents no longer; with on: only of that.',
    example: '/incident unsubscribe channel:#support',
    onIncident: false,
    inDrill: 'refused',
  },
  input: unsubscribeInput,
  locate: async () => ({ streams: [subscriptionsStream], target: null }),
  load: (tx, input, _target, ask) => load(tx, input, ask),
  decide({ mine }, input, ask) {
    const target = targetOf(input, ask);
    const names = input.on.map(componentName);
    const meant = mine.filter(
      (each) => names.length === 0 || subscribedAs(each).services.some((name) => names.includes(name)),
    );
    if (meant.length === 0)
      return refuse(
        say(
          ...(target.kind === 'person' ? ['You'] : channelWords(target, ask)),
          ' subscribed to nothing of the kind. Nothing was done. ',
          { code: '/incident subscriptions' },
          ' shows what there is.',
        ),
      );
    const left = mine.length - meant.length;
    const who = target.kind === 'person' ? ['You hear'] : [...channelWords(target, ask), ' hears'];
    return accept(
      meant.map((each) => endedOf(each, left)),
      say(
        ...who,
        left > 0
          ? ` no longer of that; ${left} other subscription${left === 1 ? ' stays' : 's stay'}.`
          : ' of incidents no longer.',
      ),
    );
  },
});

function endedOf(row: SubscriptionRow, left: number) {
  const kind = row.kind === 'channel' ? 'channel' : 'person';
  return subscriptionEnded(
    {
      ...{ id: row.id, kind, targetId: row.targetId, targetName: row.targetName },
      ...{ because: 'asked', way: 'all', error: '', open: [], left },
      ...{ wish: wishText(subscribedAs(row)), said: wishSaid(subscribedAs(row)) },
      madeBy: { id: row.madeById, name: row.madeByName },
    },
    about,
  );
}

export const subscriptionsQuery: Query = {
  verb: {
    surface: 'incident',
    words: ['subscriptions'],
    usage: '',
    summary: 'What you hear of, and what this channel does.',
    onIncident: false,
  },
  async answer(tx, _values, ask) {
    const rows = await tx.subscription.findMany({
      where: {
        workspaceId: ask.workspace.id,
        OR: [
          { kind: 'person', targetId: ask.actor.id },
          { kind: 'channel', targetId: ask.channelId ?? '' },
          { kind: 'channel', madeById: ask.actor.id },
        ],
      },
      orderBy: { at: 'asc' },
    });
    if (rows.length === 0)
      return say('Nothing yet. To hear of incidents: ', { code: '/incident subscribe on:api/prod sev:2' });
    const items = rows.map((row): Span[] => {
      const target = {
        kind: row.kind === 'channel' ? ('channel' as const) : ('person' as const),
        id: row.targetId,
        name: row.targetName,
      };
      const only = subscribedAs(row).services[0];
      const end = `${unsubscribeLine(target, ask)}${only ? ` on:${only}` : ''}`;
      return [
        ...whoSpans(target, ask),
        `: ${wishText(subscribedAs(row))}${row.mail ? ', by mail too' : ''}. To end it: `,
        { code: end },
      ];
    });
    return message(list(items));
  },
};
