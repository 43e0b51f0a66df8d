// The rules of the cord: what it freezes and for how long, what is shown before it is pulled, and that it is pulled once. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { say } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { hourMs } from '../../core/time/zones.js';
import type { Change } from '../change/index.js';
import {
  cordMaxMs,
  covers,
  type Freezing,
  type Frozen,
  freezeFacts,
  freezeKey,
  type KnownNames,
  nothingSaid,
  scopeOf,
  usualLengthMs,
  whenWords,
} from '../freeze/index.js';
import type { LetGo } from '../gate/index.js';
import { type Component, type Incident, incidentKey, isOpen } from '../incident/index.js';
import type { CordInput, Pull } from './pull.js';
import { preview, pulledReply } from './replies.js';

/** Pulled twice within this time over the same ground, it was pulled once. */
const repeatMs = 60_000;
const reasonMin = 3;

/** A change on the ground that is to be frozen. */
export interface There {
  readonly change: Change;
}

export interface CordState {
  readonly incident: Incident;
  readonly id: string;
  readonly number: number;
  /** What is affected now. */
  readonly affected: readonly Component[];
  readonly known: KnownNames;
  /** That are not over, of this incident and others; a drill's own only for a drill. */
  readonly freezes: readonly Frozen[];
  /** All that is under way, and all that is planned while the cord would hold, wherever it is. */
  readonly underWay: readonly Change[];
  readonly planned: readonly Change[];
  /** All that the gate let go and that nobody said began. */
  readonly allowed: readonly LetGo[];
  /** Whether a freeze of this scope covers any of a change’s places. */
  readonly isThere: (change: Change, scope: Freezing['scope']) => boolean;
  /** Whether another freeze covers any of its ground. */
  readonly overlaps: (freeze: Frozen) => boolean;
}

/** `/incident freeze`: shows what it would do; with `now` it does. */
export function decideCord(state: CordState, input: CordInput, ask: Ask): Decision {
  const { incident } = state;
  const key = incidentKey(incident);
  if (!isOpen(incident.status))
    return refuse(
      say(
        `${key} is ${incident.status}, and the cord is pulled from an open incident. `,
        { code: '/freeze on REASON' },
        ' freezes without one. Nothing was frozen.',
      ),
    );
  const length = input.for ?? usualLengthMs;
  if (length > cordMaxMs)
    return refuse(
      say(
        `The cord holds for at most ${cordMaxMs / hourMs} h at once, because it needs nobody’s leave. Pull it for less, and `,
        { code: '/freeze extend FRZ-3 for:12h' },
        ' makes it longer while it is on; ',
        { code: '/freeze on REASON for:2d' },
        ' freezes for longer. Nothing was frozen.',
      ),
      'for',
    );
  const reason = reasonOf(state, input);
  if (reason === null)
    return refuse(
      say(
        incident.private
          ? `${key} is private, and a freeze is public: everybody who is stopped by it reads why. Say a reason that may be read by all; neither the incident nor its title is shown. Such as `
          : 'Say why in a few words: whoever is stopped reads it. Such as ',
        { code: `/incident freeze ${key} the cluster is rebuilt` },
        '. Nothing was frozen.',
      ),
      'reason',
    );
  const pull = pullOf(state, input, { reason, length }, ask);
  if ('reason' in pull) return refuse(say(`${pull.reason} Nothing was frozen.`), 'on');
  const twin = state.freezes.find((each) => isTwin(each, pull.freezing, ask));
  if (twin)
    return refuse(
      say(
        `${twin.owner.name} pulled the cord on this ground a moment ago: ${freezeKey(twin)} is on, and nothing more was frozen. `,
        { code: `/freeze show ${freezeKey(twin)}` },
        ' shows it.',
      ),
    );
  if (!input.now) return refuse(preview(pull, input, ask));
  const facts = freezeFacts(pull.freezing).map((each) =>
    input.at ? { ...each, about: { ...each.about, when: input.at } } : each,
  );
  return accept(facts, pulledReply(pull, input, ask));
}

// A title is known to those who may see the incident; what a private one is called is nobody else’s.
function reasonOf({ incident }: CordState, { reason, now }: CordInput): string | null {
  const said = oneLine(reason ?? '');
  if (said === '' && !incident.private) return oneLine(incident.title);
  if (said.length < reasonMin) return null;
  // What is shown is what will be pulled, and a line cannot carry these as words.
  return now ? said : said.replace(/(^|\s)(on|for|at):\s*/gi, '$1$2 ').replace(/\snow$/i, '$&.');
}

function pullOf(
  state: CordState,
  input: CordInput,
  { reason, length }: { reason: string; length: number },
  ask: Ask,
): Pull | { readonly reason: string } {
  const { incident, id, number } = state;
  const on = input.on.length > 0 ? input.on : state.affected;
  const scope = scopeOf({ ...nothingSaid, on }, state.known);
  if (!scope.ok) return { reason: scope.reason };
  const [startsAt, overAt] = [ask.now, new Date(ask.now.getTime() + length)];
  const schedule = { type: 'once' as const, startsAt, endsAt: overAt };
  const by = { id: ask.actor.id, name: ask.actor.name };
  const freezing: Freezing = {
    ...{ id, number, reason, by, owner: by, mode: 'hard', schedule, startsAt, overAt },
    ...{ scope: scope.scope, scopeText: scope.text },
    whenText: whenWords(schedule, startsAt, overAt, ask.now),
    incident: { id: incident.id, number: incident.number, shown: !incident.private },
    drill: incident.drill,
  };
  const there = (each: Change) => state.isThere(each, scope.scope);
  return {
    ...{ incident, freezing, on, unknownGround: on.length === 0, usual: input.for === undefined },
    goesOn: state.underWay.filter(there),
    // A drill's cord holds drills alone.
    allowed: state.allowed.filter(
      ({ targets, drill }) =>
        (drill || !incident.drill) && targets.some((target) => covers(scope.scope, target)),
    ),
    held: state.planned.filter((each) => (each.plannedStart ?? each.startsAt) < overAt && there(each)),
    already: state.freezes.filter(state.overlaps),
    unknown: scope.unknown,
  };
}

function isTwin(each: Frozen, freezing: Freezing, ask: Ask): boolean {
  return (
    each.incidentId === freezing.incident?.id &&
    each.liftedAt === null &&
    ask.now.getTime() - each.madeAt.getTime() <= repeatMs &&
    JSON.stringify(each.scope) === JSON.stringify(freezing.scope)
  );
}
