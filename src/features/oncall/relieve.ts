// The rules of `relieve`: what was entered for somebody ends, and the reply names each of it. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { line, list, type Message, message, say } from '../../core/message.js';
import { counted, quoted } from '../../core/text.js';
import { showInstant } from '../../core/time/index.js';
import { about, lookAt, mentioned, noSchedule, shownTo } from './decide.js';
import { shiftsRelieved } from './facts.js';
import { type Known, nameIn } from './store.js';

/** So many shifts the reply names. */
const shiftsShown = 5;

/** A shift that was entered and is not over. */
export interface Entered {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

interface Relieving {
  readonly schedule: string;
  readonly user: { readonly id: string; readonly name: string };
}

/** Ends the shift that runs, and takes out those to come. `shifts`: what was entered for them, in order. */
export function decideRelieve(
  known: Known,
  shifts: readonly Entered[],
  { schedule, user: person }: Relieving,
  ask: Ask,
): Decision {
  const name = nameIn(
    known.schedules.map((each) => each.name),
    schedule,
  );
  if (name === null) return noSchedule(known, schedule);
  if (shifts.length === 0)
    return refuse(
      say(
        `Nothing was entered for ${person.name} in the schedule ${name}. What its calendar says is changed in the calendar; `,
        { code: `/incident duty ${quoted(name)} @user for:8h` },
        ' puts somebody else before it.',
      ),
      'user',
    );
  return accept(
    [shiftsRelieved({ schedule: name, person, at: ask.now }, about)],
    relievedReply(name, person, shifts, ask),
  );
}

function relievedReply(
  name: string,
  person: Relieving['user'],
  shifts: readonly Entered[],
  ask: Ask,
): Message {
  const toCome = shifts.filter((each) => each.startsAt > ask.now);
  const [sample] = toCome.length > 0 ? toCome : shifts;
  const shown = shifts.slice(0, shiftsShown).map((each) => [shiftText(each, ask)]);
  const more = shifts.length - shown.length;
  return message(
    line(
      { bold: `${person.name} is relieved` },
      ` of ${counted(shifts.length, 'shift')} that ${shifts.length === 1 ? 'was' : 'were'} entered in the schedule ${name}:`,
    ),
    list(more > 0 ? [...shown, [`and ${more} more.`]] : shown),
    sample && line('To enter one again: ', { code: againText(name, person, sample, ask) }),
    line(...lookAt(quoted(name))),
  );
}

function shiftText({ startsAt, endsAt }: Entered, ask: Ask): string {
  return startsAt <= ask.now
    ? `ends now, and not ${shownTo(ask, endsAt)}`
    : `taken out: ${shownTo(ask, startsAt)} until ${shownTo(ask, endsAt)}`;
}

// As it is read back in the asker's zone.
function againText(name: string, person: Relieving['user'], { startsAt, endsAt }: Entered, ask: Ask): string {
  const zone = ask.actor.zone ?? ask.workspace.zone;
  const from = startsAt <= ask.now ? '' : ` from:"${showInstant(startsAt, zone)}"`;
  return `/incident duty ${quoted(name)} ${mentioned(person)}${from} until:"${showInstant(endsAt, zone)}"`;
}
