// What is said of subscriptions: that one began, that it does not get through, and that it ended.
import { type Effect, onIncident } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { buttons, line, type Message, message, type Span, say } from '../../core/message.js';
import * as facts from './facts.js';
import { alone, laneOf } from './words.js';

export const subscriptionReactions: Reaction[] = [
  on(facts.subscriptionMade, (fact) => (fact.data.kind === 'channel' ? [welcome(fact)] : [])),
  on(facts.subscriptionEnded, (fact) =>
    fact.data.because === 'unreachable' ? [...ended(fact), ...withoutIt(fact)] : endedBySomebody(fact),
  ),
  on(facts.updateUndelivered, (fact) => [...unreached(fact), ...goingOn(fact)]),
];

type Made = Fact<facts.SubscriptionSaid>;
type Ended = ReturnType<typeof facts.subscriptionEnded.read>;

// Where Andon may not post, whoever subscribed hears it at once and not in the first incident.
function welcome(fact: Made): Effect {
  const { id, targetId } = fact.data;
  const text = say(
    `${fact.actor.name} had this channel hear of incidents. Each is told once, with its updates. To end it: `,
    { code: '/incident unsubscribe channel:here' },
  );
  return toChannel(`subscribed/${id}`, id, targetId, text);
}

function toChannel(slot: string, subscription: string, channel: string, text: Message): Effect {
  const kind = { do: 'say', slot, destination: { to: 'channel', channel }, message: text } as const;
  return { ...alone, lane: laneOf({ way: 'channel', id: channel, subscription }), kind };
}

function toMaker(fact: Fact, userId: string, text: Message): Effect[] {
  if (!isInSlack(userId)) return [];
  const slot = `subscription/${fact.id}`;
  const kind = { do: 'say', slot, destination: { to: 'person', userId }, message: text } as const;
  return [{ ...alone, lane: `person/${userId}`, kind }];
}

function unreached(fact: facts.UpdateUndelivered): Effect[] {
  const { error, needed, way, madeBy, times } = fact.data;
  // Once, until it gets through again; where it ends, that says so.
  if (times !== 1) return [];
  const text = message(
    line(
      'What you subscribed to did not get through to ',
      whomOf(fact.data),
      ` (${error}).`,
      needed ? ` Needed: ${needed}.` : '',
    ),
    line(...(way === 'channel' ? mending(error) : []), ...whenItEnds(fact.data)),
  );
  return toMaker(fact, madeBy.id, text);
}

type Target = Pick<facts.UpdateUndelivered['data'], 'way' | 'targetId' | 'targetName'>;

function whomOf({ way, targetId: id, targetName: name }: Target): Span {
  return way === 'channel' ? facts.channelSpan({ id, name }) : way === 'mail' ? `${name} by mail` : name;
}

function whenItEnds({ way, counts }: facts.UpdateUndelivered['data']): Span[] {
  const never = 'but not while an incident of which it was told is open.';
  if (way !== 'mail') return [`After three in a row it ends, ${never}`];
  if (!counts) return ['It goes on: in Slack, and by mail as soon as the server takes letters again.'];
  return [`In Slack it goes on. After three letters that are refused like this, letters end, ${never}`];
}

// What would help, by what Slack said.
function mending(error: string): Span[] {
  const invite: Span = { code: '/invite @Andon' };
  if (error === 'channel_not_found')
    return [
      'I see no channel of that name that is in use. If it is private, invite me there: ',
      invite,
      '. If it is archived, unarchive it, or name another. ',
    ];
  if (error === 'is_archived') return ['That channel is archived: unarchive it, or name another. '];
  if (error === 'not_in_channel') return ['Invite me there: ', invite, '. '];
  return ['Perhaps it helps to invite me there: ', invite, '. '];
}

// Three did not get through, and an incident is open: who hears of it is not left out in the midst of it.
function goingOn(fact: facts.UpdateUndelivered): Effect[] {
  const { goesOn, way, error, madeBy } = fact.data;
  if (goesOn.length === 0) return [];
  const open = goesOn.join(', ');
  const text =
    way === 'mail'
      ? message(
          line(
            `Three letters of incidents were refused (${error}). As long as ${open} is open, each is tried all the same; what they say stands here in Slack. After that letters end.`,
          ),
          line('Another address: ', { code: '/incident contact mail:you@example.com' }),
        )
      : message(
          line(
            `Three messages in a row did not get through to `,
            whomOf(fact.data),
            ` (${error}). As long as ${open} is open, each is tried all the same. If that is not mended, it ends afterwards.`,
          ),
          way === 'channel' && line(...mending(error)),
        );
  return toMaker(fact, madeBy.id, text);
}

function ended(fact: Ended): Effect[] {
  const { targetName: name, targetId: id, madeBy, kind, way, error } = fact.data;
  const why = error === '' ? '' : ` (${error})`;
  const shown = buttons({ label: 'What I subscribed to', command: '/incident subscriptions' });
  if (way === 'mail')
    return toMaker(
      fact,
      madeBy.id,
      message(
        line(
          `Letters to ${name} end: three in a row were refused${why}. In Slack incidents are told as before.`,
        ),
        line('With another address: ', { code: '/incident contact mail:you@example.com' }, ', then ', {
          code: subscribing(fact.data, 'mail'),
        }),
        shown,
      ),
    );
  const whom = kind === 'channel' ? facts.channelSpan({ id, name }) : name;
  const text = message(
    line(whom, ` hears of incidents no longer: three messages in a row did not get through${why}.`),
    line('When it can be reached again: ', {
      code: subscribing(fact.data, kind === 'channel' ? `channel:${channelWord(fact.data)}` : ''),
    }),
    shown,
  );
  return toMaker(fact, madeBy.id, text);
}

function subscribing({ said }: Pick<Ended['data'], 'said'>, how: string): string {
  return ['/incident subscribe', said, how].filter((each) => each !== '').join(' ');
}

// A name that is no name but what Slack calls it: said in that channel, it is `here`.
function channelWord({ targetId, targetName }: Ended['data']): string {
  return targetId === targetName && /^[CG][A-Z0-9]{7,}$/.test(targetId) ? 'here' : `#${targetName}`;
}

// Whoever writes the updates of what is open would count on it.
function withoutIt(fact: Ended): Effect[] {
  const { id, targetName: name, targetId, kind, open } = fact.data;
  const whom = kind === 'channel' ? facts.channelSpan({ id: targetId, name }) : name;
  return open.map(({ incidentId, key, tell }) => {
    const text = message(
      line(whom, ` does not hear of ${key} any more: three messages in a row did not get through there.`),
      line('Tell them another way, if it matters. Who heard: ', { code: `/incident updates ${key}` }),
    );
    const inIncident = { to: 'incident' } as const;
    const destination = tell
      ? ({ to: 'person', userId: tell.id, otherwise: inIncident } as const)
      : inIncident;
    const slot = `subscription/${id}/ended/${incidentId}`;
    return onIncident(incidentId, { do: 'say', slot, destination, message: text }, { essential: true });
  });
}

// The channel heard that it began; whoever wanted it so may count on it.
function endedBySomebody(fact: Ended): Effect[] {
  const { id, kind, targetId, targetName: name, wish, left, madeBy } = fact.data;
  if (kind !== 'channel') return [];
  const who = fact.actor.name;
  const what = wish === '' ? '' : ` (${wish})`;
  const rest = left === 0 ? '' : ` ${left} other${left === 1 ? ' stays' : 's stay'}.`;
  const here = say(`${who} ended what this channel hears of incidents${what}.${rest} To have it again: `, {
    code: subscribing(fact.data, 'channel:here'),
  });
  const there = say(
    `${who} ended what `,
    facts.channelSpan({ id: targetId, name }),
    ` hears of incidents${what}, which you had set up.${rest} To have it again, say there: `,
    { code: subscribing(fact.data, 'channel:here') },
  );
  return [
    toChannel(`unsubscribed/${id}`, id, targetId, here),
    ...(fact.actor.id === madeBy.id ? [] : toMaker(fact, madeBy.id, there)),
  ];
}
