// What the world is told of permissions: the incidents channel of every change, whoever set it of what Slack refuses.
import type { Destination, Effect, Later } from '../../core/effect.js';
import { type Fact, isInSlack, on } from '../../core/fact.js';
import type { Reaction } from '../../core/feature.js';
import { line, type Message, message, type Span } from '../../core/message.js';
import * as facts from './facts.js';
import { deeds, handlesText, otherwise, permissionsStream } from './words.js';

/** What the program decides when it is time to read the groups again. */
export const readCommand = 'permission.read';

const announcements: Destination = { to: 'announcements' };

export const reactions: Reaction[] = [
  on(facts.permissionSet, (fact) => {
    const { action, groups, before, by } = fact.data;
    const who: Span = isInSlack(by.id) ? { person: by.id, name: by.name } : by.name;
    const was = before.length > 0 ? `whoever is in ${handlesText(before)}` : otherwise[action];
    return [
      said(
        fact,
        'channel',
        announcements,
        message(
          line(
            { bold: `Who may ${deeds[action]}` },
            ': ',
            groups.length > 0 ? `whoever is in ${handlesText(groups)}` : otherwise[action],
            `. Until now: ${was}. Said by `,
            who,
            '. ',
            { code: '/incident permissions' },
            ' shows it.',
          ),
        ),
      ),
    ];
  }),
  on(facts.groupsAsked, ({ data: { groupIds, next } }) => [
    ...groupIds.map(read),
    ...(next ? [{ key: permissionsStream, at: next, command: readCommand, data: null } satisfies Later] : []),
  ]),
  on(facts.groupRefused, (fact) => {
    const people = fact.data.setBy.filter(({ id }) => isInSlack(id));
    const told = refusedMessage(fact.data);
    if (people.length === 0) return [said(fact, 'channel', announcements, told)];
    return people.map(({ id }) =>
      said(fact, id, { to: 'person', userId: id, otherwise: announcements }, told),
    );
  }),
];

function refusedMessage(data: ReturnType<typeof facts.groupRefused.read>['data']): Message {
  const { handle, error, needed, known } = data;
  return message(
    line(
      { bold: `Slack does not say who is in @${handle}` },
      ` (${error}). `,
      known
        ? 'Those who were in it when I read it last count until then.'
        : 'What is given to it is not in force: nobody is kept out by it.',
    ),
    line(
      mending(error, needed),
      ' I try again every hour; ',
      { code: '/incident permissions' },
      ' shows it.',
    ),
  );
}

/** What mends it, as a sentence. */
export function mending(error: string, needed: string | null): string {
  if (needed !== null || error === 'missing_scope')
    return `An admin of Slack adds the scope ${needed ?? 'usergroups:read'} to the app and installs it again.`;
  if (error === 'plan_upgrade_required' || error === 'paid_teams_only')
    return 'Groups of people are in Slack’s paid plans.';
  if (error === 'no_such_subteam')
    return 'There is no such group any more; give it to another one with /incident permit.';
  return 'Ask an admin of Slack.';
}

function read(groupId: string): Effect {
  return {
    ...apart,
    lane: `group/${groupId}`,
    collapse: `group/${groupId}`,
    kind: { do: 'readGroup', groupId },
  };
}

function said(fact: Fact, where: string, destination: Destination, text: Message): Effect {
  const slot = `permission/${fact.id}/${where}`;
  return {
    ...apart,
    essential: true,
    lane: permissionsStream,
    collapse: null,
    kind: { do: 'say', slot, destination, message: text },
  };
}

const apart = { step: 0, incidentId: null, first: false, essential: false } as const;
