// The rules of asking for an exception, and of breaking the glass. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { type Message, say } from '../../core/message.js';
import { covers, freezesStream, type Scope, targetsOf } from '../freeze/index.js';
import { type Component, componentName, incidentKey } from '../incident/index.js';
import { nextWorkingDay } from './due.js';
import { exceptionBroken, exceptionRequested } from './facts.js';
import type { ForWhat, NamedFreeze, RequestState } from './load.js';
import { approversOf, type Person } from './people.js';
import { brokenReply, nobodyOfAnIncident, requestedReply } from './replies.js';
import { freezesOf } from './store.js';
import type { ExceptInput, Wanted } from './wanted.js';
import { exceptionKey, freezesText, lapseMs, usualMinutes, usualUses } from './words.js';

const minuteMs = 60_000;

/** Asks those who may for a way through. */
export function decideExcept(state: RequestState, input: ExceptInput, ask: Ask): Decision {
  const wanted = wantedOf(state, input, ask);
  if ('refused' in wanted) return refuse(wanted.refused, wanted.field);
  const approvers = approversOf(state.named, state.team, state.permitted, ask.actor.id);
  const { people, anybody } = approvers;
  const lapsesAt = new Date(ask.now.getTime() + lapseMs);
  const fact = exceptionRequested(
    { ...said(wanted, wanted.incident), asked: [...people], anybody, lapsesAt },
    about(wanted.incident),
  );
  return accept([fact], requestedReply(wanted, approvers, lapsesAt, ask));
}

/** Somebody of an open incident lets themselves through: at once, before everybody, and reviewed afterwards. */
export function decideBreak(state: RequestState, input: ExceptInput, ask: Ask): Decision {
  const wanted = wantedOf(state, input, ask);
  if ('refused' in wanted) return refuse(wanted.refused, wanted.field);
  const mine = responderOf(wanted, state);
  if (!mine) return refuse(nobodyOfAnIncident(wanted, ask));
  const incident = wanted.incident ?? mine.incident;
  const expiresAt = new Date(ask.now.getTime() + wanted.minutes * minuteMs);
  const reviewDueAt = nextWorkingDay(ask.now, ask.workspace.zone);
  const role = mine.incident.private ? 'a responder' : `${mine.role} of ${incidentKey(mine.incident)}`;
  const owners = distinct(state.named.map(({ owner }) => owner)).filter(({ id }) => id !== ask.actor.id);
  const fact: Stated = exceptionBroken(
    { ...said(wanted, incident), role, expiresAt, reviewDueAt, owners },
    about(incident),
  );
  return accept([fact], brokenReply(wanted, { expiresAt, reviewDueAt, mine: mine.incident }, ask));
}

// An incident's own freeze first; then an incident that everybody may know of.
function responderOf({ drill, incident }: Wanted, { mine, named }: RequestState) {
  const own = mine.find((each) => named.some((one) => one.incident?.id === each.incident.id));
  if (drill) return own && own.incident.id === incident?.id ? own : null;
  const real = mine.filter((each) => !each.incident.drill);
  const ofFreeze = own && !own.incident.drill ? own : null;
  return ofFreeze ?? real.find((each) => !each.incident.private) ?? real[0] ?? null;
}

type Refused = { readonly refused: Message; readonly field: string };
const no = (refused: Message, field: string): Refused => ({ refused, field });

function wantedOf(state: RequestState, input: ExceptInput, ask: Ask): Wanted | Refused {
  const { forWhat, named } = state;
  const wrong = freezesProblem(state, ask);
  if (wrong) return no(wrong, 'freezes');
  if (!forWhat) return no(unknownChange(input.change ?? ''), 'change');
  if (forWhat.components.length === 0) return no(nothingToCover(input, forWhat), 'on');
  const within = withinFreezes(state, forWhat.components);
  const outside = forWhat.components.filter((each) => !within.has(each));
  if (input.on?.length && outside.length > 0) return no(outsideOf(outside, named), 'on');
  const untouched = named.filter(({ frozen }) => !touches(state, frozen.scope, forWhat.components));
  if (untouched.length > 0) return no(notTouched(untouched, forWhat.components), 'freezes');
  const like = state.open.find((row) => isLike(row, input, forWhat));
  if (like) return no(askedAlready(like), 'freezes');
  return {
    id: ask.newId(),
    ...{ state, input, forWhat },
    components: [...within],
    minutes: input.for ?? usualMinutes,
    uses: input.uses ?? usualUses,
    drill: named.every(({ frozen }) => frozen.drill),
    incident: named.find(({ incident }) => incident)?.incident ?? null,
  };
}

function freezesProblem({ unknown, named }: RequestState, ask: Ask): Message | null {
  const list = { code: '/freeze list' };
  if (unknown.length > 0)
    return say(`There is no ${freezesText(unknown)}. `, list, ' shows what is frozen. Nothing was done.');
  const over = named.filter(({ frozen }) => frozen.overAt <= ask.now).map(({ frozen }) => frozen.number);
  if (over.length > 0)
    return say(
      `${freezesText(over)} ${over.length > 1 ? 'are' : 'is'} over: nothing is needed any more to go through. `,
      list,
      ' shows what is frozen. Nothing was done.',
    );
  const soft = named.filter(({ frozen }) => frozen.mode === 'soft').map(({ frozen }) => frozen.number);
  if (soft.length === named.length)
    return say(
      `${freezesText(soft)} only ${soft.length > 1 ? 'warn' : 'warns'}: whatever asks the gate may go, with a warning. No exception is needed.`,
    );
  const drills = named.filter(({ frozen }) => frozen.drill);
  if (drills.length > 0 && drills.length < named.length)
    return say('A drill’s freeze and a real one need an exception each. Nothing was done.');
  return null;
}

function unknownChange(word: string): Message {
  return say(
    `I know no change “${word.slice(0, 80)}”: no number of ours, and nothing at the gate waits under that name alone. `,
    { code: '/change list' },
    ' and ',
    { code: '/freeze held' },
    ' show them; or leave change: out, say on: what it touches, and let the pipeline name the exception. Nothing was done.',
  );
}

function nothingToCover(input: ExceptInput, { change }: ForWhat): Message {
  if (change)
    return say(
      `Nobody said what CHG-${change.number} touches, so I cannot tell what to let through. Say it here: on:api/prod. Nothing was done.`,
    );
  return say(
    'Say what it is for: the change, such as ',
    { code: `change:CHG-7` },
    ', or what may be touched, such as ',
    { code: 'on:api/prod' },
    input.key ? `; nothing is known of ${input.key} yet` : '',
    '. An exception for everything is a lifted freeze. Nothing was done.',
  );
}

function outsideOf(outside: readonly Component[], named: readonly NamedFreeze[]): Message {
  const names = outside.slice(0, 5).map(componentName).join(', ');
  return say(
    `${freezesText(numbersOf(named))} ${named.length > 1 ? 'do' : 'does'} not cover ${names}, so no exception is needed there. Leave it out. Nothing was done.`,
  );
}

function notTouched(untouched: readonly NamedFreeze[], components: readonly Component[]): Message {
  const names = components.slice(0, 5).map(componentName).join(', ');
  return say(
    `${freezesText(numbersOf(untouched))} ${untouched.length > 1 ? 'do' : 'does'} not cover ${names}: an exception is within each freeze that it names. `,
    { code: `/freeze status on:${componentName(components[0] ?? nowhere)}` },
    ' says what does. Nothing was done.',
  );
}

function askedAlready(row: RequestState['open'][number]): Message {
  const key = exceptionKey(row);
  return say(
    `${key} asks for this already (${row.requestedByName}), and nobody answered yet. `,
    { code: `/freeze revoke ${key}` },
    ' takes it back. Nothing was done.',
  );
}

const nowhere: Component = { service: '', environment: '', cluster: '' };

// The same freezes, for the same change: a second press of the button.
function isLike(row: RequestState['open'][number], input: ExceptInput, forWhat: ForWhat): boolean {
  const { change, source, key } = forWhat;
  const same = freezesOf(row).toSorted().join() === [...input.freezes].toSorted().join();
  if (!same || (change === null && key === null)) return false;
  return row.changeId === (change?.id ?? null) && row.key === key && row.source === source;
}

function withinFreezes(state: RequestState, components: readonly Component[]): Set<Component> {
  const scopes = state.named.map(({ frozen }) => frozen.scope);
  return new Set(components.filter((each) => scopes.some((scope) => touches(state, scope, [each]))));
}

function touches(state: RequestState, scope: Scope, components: readonly Component[]): boolean {
  return targetsOf(components, state.environments).some((target) => covers(scope, target));
}

function said(wanted: Wanted, incident: NamedFreeze['incident']) {
  const { id, state, input, forWhat, minutes, uses, drill } = wanted;
  const components = targetsOf(wanted.components, state.environments);
  const { change, source, key } = forWhat;
  return {
    ...{ id, drill, change, source, key, minutes, uses },
    number: state.number,
    freezes: [...input.freezes].sort((a, b) => a - b),
    incident: incident && { id: incident.id, number: incident.number, shown: !incident.private },
    scope: scopeOf(components),
    scopeText: components.map(componentName).join(', '),
    reason: input.reason,
  };
}

/** Exactly these places. What a component leaves open is any. */
function scopeOf(components: readonly Component[]): Scope {
  const some = (name: string) => (name === '' ? [] : [name]);
  return {
    include: components.map(({ service, environment, cluster }) => ({
      services: some(service),
      environments: some(environment),
      clusters: some(cluster),
      tiers: [],
    })),
    exclude: [],
  };
}

function about(incident: NamedFreeze['incident']) {
  return { stream: freezesStream, ...(incident ? { incidentId: incident.id } : {}) };
}

function numbersOf(named: readonly NamedFreeze[]): number[] {
  return named.map(({ frozen }) => frozen.number);
}

function distinct(people: readonly Person[]): Person[] {
  return [...new Map(people.map((each) => [each.id, each])).values()];
}
