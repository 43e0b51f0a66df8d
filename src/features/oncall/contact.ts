// How somebody says by which ways they are reached. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { line, message, say } from '../../core/message.js';
import { about, onlySlack } from './decide.js';
import { contactSet, contactTried } from './facts.js';

export interface ContactState {
  /** What they said themselves. */
  readonly own: string | null;
  /** Where letters go without that, and who says so: `a calendar`. */
  readonly other: { readonly mail: string; readonly saidBy: string } | null;
}

/** How somebody is reached beside Slack: shown, set, taken away, tried. */
export function decideContact(
  state: ContactState,
  input: { readonly test: boolean; readonly mail?: string | null | undefined },
  ask: Ask,
): Decision {
  const person = { id: ask.actor.id, name: ask.actor.name };
  if (!isInSlack(person.id)) return refuse(say('Ways are those of a person in Slack.'));
  if (input.mail === undefined) return input.test ? tryIt(state, ask) : shown(state, ask);
  if (input.mail === state.own)
    return input.test && input.mail !== null
      ? tryIt(state, ask)
      : refuse(
          say(
            input.mail === null ? 'You gave no address. ' : `${input.mail} is your address already. `,
            { code: '/incident contact test' },
            ' tries it.',
          ),
        );
  const facts = [contactSet({ person, mail: input.mail }, about)];
  if (input.mail === null) {
    const left = state.other && ` Letters still go to ${state.other.mail}, which ${state.other.saidBy} says.`;
    return accept(
      facts,
      message(line('Your address is taken back.', left ?? ''), !left && onlySlack(person, ask)),
    );
  }
  if (input.test) facts.push(contactTried({ person, mail: input.mail }, about));
  return accept(
    facts,
    message(line(`Pages go to you in Slack and to ${input.mail}. `, ...tried(input.test, input.mail))),
  );
}

function tried(test: boolean, mail: string) {
  if (test) return [`A letter goes to ${mail} now; I tell you here whether the server takes it.`];
  return ['Try it now: ', { code: '/incident contact test' }, ' says whether a letter goes out.'];
}

function tryIt({ own, other }: ContactState, ask: Ask): Decision {
  const mail = own ?? other?.mail ?? null;
  const person = { id: ask.actor.id, name: ask.actor.name };
  if (mail === null)
    return refuse(
      say('You have no address yet. ', { code: '/incident contact mail:name@example.com' }, ' gives one.'),
      'mail',
    );
  return accept([contactTried({ person, mail }, about)], say(...tried(true, mail)));
}

function shown({ own, other }: ContactState, ask: Ask): Decision {
  const person = { id: ask.actor.id, name: ask.actor.name };
  const mail = own ?? other?.mail ?? null;
  if (mail === null) return refuse(message(onlySlack(person, ask)));
  return refuse(
    say(
      `Pages go to you in Slack and to ${mail}${own === null ? `, which ${other?.saidBy} says` : ''}. `,
      { code: '/incident contact test' },
      ' says whether a letter goes out, ',
      { code: '/incident contact mail:…' },
      ' changes it.',
    ),
  );
}
