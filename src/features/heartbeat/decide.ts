// The rules of heartbeats: when one is missing, what a beat brings, what people may say of one. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, type Message, message, say } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showBoth, showInstant } from '../../core/time/index.js';
import { openPage, type Page, type PageAttempt, type PageScene, pageKey, withdraw } from '../paging/index.js';
import {
  heartbeatForgotten,
  heartbeatMissed,
  heartbeatPaused,
  heartbeatRegistered,
  heartbeatResumed,
  heartbeatSet,
  heartbeatWatched,
  silence,
} from './facts.js';
import { flapsNow, type Missed, steadyMs } from './flaps.js';
import { missingText } from './missing.js';
import {
  aboutRemark,
  dueAt,
  type Heartbeat,
  heartbeatStream,
  type Names,
  rhythm,
  usualGrace,
} from './words.js';

const secondMs = 1_000;
/** So many heartbeats call the same people each by a page of its own; more than that are one trouble. */
const pagesAtOnce = 3;
const calledMax = 8;
const namesMax = 12;

/** The page that calls for a heartbeat. */
export interface PageOf {
  readonly row: Page;
  readonly attempts: readonly PageAttempt[];
  /** How many other heartbeats are missing that it calls for. */
  readonly others: number;
}

/** All that is known of one heartbeat. */
export interface Watch {
  readonly row: Heartbeat | null;
  readonly lastAt: Date | null;
  /** Since when Andon listens without a gap. */
  readonly listeningSince: Date | null;
  readonly page: PageOf | null;
  /** The page that rings and calls the same people, whose stream is locked. */
  readonly joins: Page | null;
  /** The last times that it was missed, the latest first. */
  readonly lately: readonly Missed[];
  /** Where it is not known: those that are. */
  readonly watched: readonly string[];
  readonly known: Names;
  /** What a page would be; read only where one is due. */
  readonly scene: PageScene | null;
  /** The open incident on its service, which everybody may know of. */
  readonly incident: number | null;
  /** Of Andon's own: why it cannot write in Slack, where that is known. */
  readonly trouble: string | null;
}

export interface BeatInput {
  readonly name: string;
  readonly every?: number | undefined;
  readonly grace?: number | undefined;
  readonly service?: string | undefined;
  readonly team?: string | undefined;
}

/** A beat that is more than a beat: the first one, one after a silence, or one that says something new. */
export function decideBeat(watch: Watch, input: BeatInput, ask: Ask): Decision {
  const { row, known } = watch;
  if (!row) return input.every === undefined ? refuse(unknown(input.name), 'every') : register(input, known);
  const facts = [...resumed(watch, ask), ...set(row, input)];
  return accept(facts, say(`Heard ${row.name}.`));
}

/** Whether a beat says something of its heartbeat that the row does not. */
export function isNews(row: Heartbeat, input: BeatInput): boolean {
  const { every = row.everySeconds } = input;
  const { grace = every === row.everySeconds ? row.graceSeconds : usualGrace(every) } = input;
  const about = aboutOf(row, input);
  const same = row.service === about.service && row.team === about.team;
  return row.everySeconds !== every || row.graceSeconds !== grace || !same;
}

/** Somebody registers one before it beats, or says anew how it is expected. */
export function decideRegister(watch: Watch, input: BeatInput): Decision {
  const { row } = watch;
  if (!row)
    return input.every === undefined ? refuse(noEvery(input.name), 'every') : register(input, watch.known);
  if (!isNews(row, input))
    return accept([], say(`${row.name} is expected ${rhythm(row)} already. Nothing was changed.`));
  return accept(set(row, input), changed(row, input, watch.known));
}

function register(input: BeatInput, known: Names): Decision {
  const everySeconds = input.every ?? 0;
  const it = {
    name: input.name,
    everySeconds,
    graceSeconds: input.grace ?? usualGrace(everySeconds),
    service: input.service ?? null,
    team: input.team ?? null,
  };
  return accept([heartbeatRegistered(it, about(input.name))], registeredReply(it, known));
}

type Registered = Pick<Heartbeat, 'name' | 'everySeconds' | 'graceSeconds' | 'service' | 'team'>;

function registeredReply(it: Registered, known: Names): Message {
  return message(
    line({ bold: `${it.name} is watched` }, `: I expect to hear it ${rhythm(it)}, from now on.`),
    line(`If it is silent for longer, I page ${whomText(it)} until somebody has it.`),
    ...remarked(it, known),
    line('It beats with ', { code: `POST /api/v1/heartbeats/${it.name}` }, '. ', {
      code: '/incident heartbeats',
    }),
  );
}

function remarked(it: Pick<Heartbeat, 'service' | 'team'>, known: Names) {
  const remark = aboutRemark(it, known);
  return remark === null ? [] : [line(`${remark} `, { code: '/change services' }, ' shows what there is.')];
}

function changed(row: Heartbeat, input: BeatInput, known: Names): Message {
  const every = input.every ?? row.everySeconds;
  const grace = input.grace ?? (every === row.everySeconds ? row.graceSeconds : usualGrace(every));
  const it = { everySeconds: every, graceSeconds: grace };
  const about = aboutOf(row, input);
  return message(
    line(`${row.name} is expected ${rhythm(it)} from now on. If it is silent, I page ${whomText(about)}.`),
    ...remarked(about, known),
  );
}

function whomText(it: { readonly service: string | null; readonly team: string | null }): string {
  if (it.service !== null) return `whoever is on call for ${it.service}`;
  return it.team === null ? 'by the default escalation' : `whoever is on call of the team ${it.team}`;
}

// Said anew, it is about one of both.
function aboutOf(row: Heartbeat, input: BeatInput) {
  if (input.service === undefined && input.team === undefined)
    return { service: row.service, team: row.team };
  return { service: input.service ?? null, team: input.team ?? null };
}

function set(row: Heartbeat, input: BeatInput): Stated[] {
  if (!isNews(row, input)) return [];
  const everySeconds = input.every ?? row.everySeconds;
  const kept = everySeconds === row.everySeconds ? row.graceSeconds : usualGrace(everySeconds);
  const graceSeconds = input.grace ?? kept;
  const it = { name: row.name, everySeconds, graceSeconds, ...aboutOf(row, input) };
  return [heartbeatSet(it, about(row.name))];
}

function resumed({ row, page, lately }: Watch, { now, workspace }: Ask): Stated[] {
  if (row?.state !== 'missing') return [];
  const [last] = lately;
  const silentSince = last?.lastAt ?? null;
  // It comes and goes: whoever is called for it would be called again and again.
  const holds = last?.flaps && page ? new Date(now.getTime() + steadyMs(row)) : null;
  const called = [...new Set(page?.attempts.map((each) => each.toName ?? each.address))].slice(0, calledMax);
  const whom = called.length > 0 ? `; called: ${called.join(', ')}` : '';
  const heard = `${row.name} is heard again${silentText(silentSince, now, workspace.zone)}${whom}`;
  const over = holds ? [] : withdrawn(page, heard);
  const fact = heartbeatResumed(
    {
      ...{ name: row.name, missingSince: row.since, silentSince, page: keyOf(page), called },
      ...{
        over: holds === null && (!page || page.others === 0),
        withdrawn: over.length > 0,
        holds,
        steady: false,
      },
    },
    about(row.name),
  );
  return [fact, ...over];
}

function silentText(since: Date | null, now: Date, zone: string): string {
  if (since === null) return ', for the first time';
  return `; it was silent since ${showBoth(since, zone)}, for ${silence(since, now)}`;
}

// One that calls for other heartbeats too goes on.
function withdrawn(page: PageOf | null, reason: string): Stated[] {
  return page && page.others === 0 ? withdraw(page.row, page.attempts, reason) : [];
}

function keyOf(page: PageOf | null): { id: string; number: number } | null {
  return page && { id: page.row.id, number: page.row.number };
}

/** Its time has come: it is missing, its pause is over, or there is nothing to say yet. */
export function decideLook(watch: Watch, ask: Ask): Decision {
  const { row, lastAt } = watch;
  if (!row) return refuse(say('It is not watched any more.'));
  if (row.state === 'paused') {
    const until = row.pausedUntil ?? row.since;
    if (ask.now < until) return notYet(until);
    return accept([watched(row, 'time')], message());
  }
  if (row.state === 'missing') {
    // Heard while it was found missing: whoever took the beat did not know that yet.
    const heard = lastAt !== null && lastAt.getTime() + intervalMs(row) > row.since.getTime();
    return heard ? accept(resumed(watch, ask), message()) : refuse(say('It is missing still.'));
  }
  const due = dueAt(row, lastAt, watch.listeningSince);
  if (ask.now < due) return notYet(due);
  return watch.scene ? missed(watch, row, watch.scene, ask) : notYet(ask.now);
}

/** One that came and went has been heard for long: whoever is called for it is called no longer. */
export function decideSteady(watch: Watch, { now }: Ask): Decision {
  const { row, page, lately } = watch;
  const [last] = lately;
  if (row?.state !== 'alive' || !last?.flaps || !page || page.row.state === 'withdrawn')
    return refuse(say('Nobody is called for it.'));
  const until = new Date(row.since.getTime() + steadyMs(row));
  if (now < until) return notYet(until);
  const { name } = row;
  const over = withdrawn(
    page,
    `${name} came and went, and is heard for ${silence(row.since, now)} without a gap`,
  );
  const fact = heartbeatResumed(
    {
      ...{ name, missingSince: last.at, silentSince: last.lastAt, page: keyOf(page), called: [] },
      ...{ over: page.others === 0, withdrawn: over.length > 0, holds: null, steady: true },
    },
    about(name),
  );
  return accept([fact, ...over], message());
}

function missed(watch: Watch, row: Heartbeat, scene: PageScene, ask: Ask): Decision {
  const { name, everySeconds, graceSeconds, service, team } = row;
  const { lastAt, incident } = watch;
  const flapping = flapsNow({ everySeconds, aliveSince: row.since }, watch.lately, ask.now);
  // Whoever has it has it, although it came back meanwhile; a page that is over calls nobody.
  const held = flapping?.begins === false && watch.page?.row.state !== 'withdrawn' ? watch.page?.row : null;
  // Locked since it was found, so that nobody takes it back meanwhile; one that is over calls nobody.
  const rings = held ?? watch.joins;
  const { id, number } = rings ?? scene;
  const fact = heartbeatMissed(
    {
      ...{ name, everySeconds, graceSeconds, service, team, lastAt, page: { id, number }, incident },
      ...{ flaps: flapping !== null, begins: flapping?.begins ?? false },
    },
    about(name),
  );
  if (rings) return accept([fact], message());
  const reason = watch.trouble
    ? `Andon cannot hear itself in Slack. ${watch.trouble}`
    : missingText(row, { lastAt, incident, flapsSince: flapping?.since ?? null }, ask);
  const page = openPage(scene, { reason, cause: { kind: 'heartbeat', name }, incident: null }, ask);
  return accept([fact, ...page], message());
}

/** Its own page that rings still; or, where many fall silent at once, the last one of those that call the same people. */
export function joinedBy(name: string, ringing: readonly Page[]): Page | undefined {
  const ours = ringing.filter((page) => page.cause === 'heartbeat');
  const own = ours.find((page) => page.causeName === name);
  return own ?? (ours.length >= pagesAtOnce ? ours.at(-1) : undefined);
}

/** For a while nobody is called, whatever it does. */
export function decidePause(
  watch: Watch,
  input: { readonly name: string; readonly for: number; readonly reason?: string | undefined },
  ask: Ask,
): Decision {
  const { row } = watch;
  if (!row) return refuse(nameless(input.name, watch.watched), 'name');
  const until = new Date(ask.now.getTime() + input.for * secondMs);
  const reason = input.reason ?? null;
  const called = callingFor(watch);
  const { name } = row;
  return accept(
    [
      heartbeatPaused({ name, until, reason, page: keyOf(called) }, about(name)),
      ...withdrawn(called, `${name} is paused by ${ask.actor.name}`),
    ],
    message(
      line(
        { bold: `${name} is paused` },
        ' until ',
        { at: until },
        ` (${showInstant(until, 'UTC')}); then it is watched again, and that is said.`,
      ),
      called && line(...pageSaid(called)),
      line('To watch it sooner: ', { code: `/incident unpause ${name}` }),
    ),
  );
}

// One that comes and goes is called for although it is heard.
function callingFor({ row, page, lately }: Watch): PageOf | null {
  if (row?.state === 'missing') return page;
  const holds = row?.state === 'alive' && lately[0]?.flaps && page?.row.state === 'ringing';
  return holds && page.others === 0 ? page : null;
}

function pageSaid(page: PageOf): string[] {
  const key = pageKey(page.row);
  if (page.row.state !== 'ringing') return [`${key} was answered already.`];
  if (page.others > 0) return [`${key} goes on: it is about more than this.`];
  return [`${key} is withdrawn.`];
}

/** It is watched again before its pause is over. */
export function decideUnpause({ row, watched: all }: Watch, input: { readonly name: string }): Decision {
  if (!row) return refuse(nameless(input.name, all), 'name');
  if (row.state !== 'paused')
    return refuse(say(`${row.name} is not paused. Nothing was done. `, { code: '/incident heartbeats' }));
  return accept(
    [watched(row, 'person')],
    say(`${row.name} is watched again. I expect to hear it ${rhythm(row)}, from now on.`),
  );
}

/** Nobody waits for it any more. */
export function decideForget(watch: Watch, input: { readonly name: string }): Decision {
  const { row } = watch;
  if (!row) return refuse(nameless(input.name, watch.watched), 'name');
  const called = callingFor(watch);
  const { name } = row;
  return accept(
    [
      heartbeatForgotten({ name, page: keyOf(called) }, about(name)),
      ...withdrawn(called, `${name} is no longer watched`),
    ],
    message(
      line({ bold: `${name} is no longer watched` }, ': nobody is called when it is silent.'),
      called && line(...pageSaid(called)),
      line('Its sender is refused from now on unless it says ', { code: 'every' }, '.'),
    ),
  );
}

function watched(row: Heartbeat, because: 'time' | 'person'): Stated {
  return heartbeatWatched({ name: row.name, pausedSince: row.since, because }, about(row.name));
}

function unknown(name: string): Message {
  return message(
    line(`There is no heartbeat ${name} yet. Say how often it comes, once: `, {
      code: `/incident heartbeat ${name} every:5m`,
    }),
    line('Or its sender says so with a beat: ', { code: '{"every": "5m"}' }, ' as the body.'),
  );
}

function nameless(name: string, watched: readonly string[]): Message {
  if (watched.length === 0)
    return say(`There is no heartbeat ${name}: none is watched. To watch one: `, {
      code: `/incident heartbeat ${name} every:5m`,
    });
  const names = fewNames(watched, namesMax);
  return say(`There is no heartbeat ${name}. These are watched: ${names}. `, {
    code: '/incident heartbeats',
  });
}

function noEvery(name: string): Message {
  return say('Say how often it comes: ', { code: `/incident heartbeat ${name} every:5m` });
}

function notYet(again: Date): Decision {
  return { accepted: false, refusal: { message: say('Nothing is due.'), again } };
}

function intervalMs(row: Heartbeat): number {
  return (row.everySeconds + row.graceSeconds) * secondMs;
}

const about = (name: string) => ({ stream: heartbeatStream(name) });
