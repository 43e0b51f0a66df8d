// What is answered to whoever announces, moves or describes a change: what was understood, who is told, what collides.
import type { Ask } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import {
  type ButtonSpec,
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration, showInstant, showUnderstood, type WrittenTime } from '../../core/time/index.js';
import { componentName, zoneAssumed } from '../incident/index.js';
import { titleLimit } from './announcing.js';
import type { changeAnnounced } from './facts.js';
import { conflictSpans, kindPhrase, moreConflicts } from './phrases.js';
import type { Plan } from './plan.js';
import type { AnnounceInput, AnnounceState, DescribeInput, MoveInput } from './said.js';
import type { Change } from './store.js';
import { whyTold } from './told.js';
import { type Conflict, changeKey } from './words.js';

const componentsShown = 6;
const peopleShown = 6;
/** Of what collides; the change's own message shows all. */
const conflictsShown = 3;
/** A time this near is now. */
const nowMs = 60_000;

interface Announcement {
  readonly state: AnnounceState;
  readonly input: AnnounceInput;
  readonly plan: Plan;
  readonly conflicts: readonly Conflict[];
  readonly slots: readonly Date[];
  readonly fact: Stated;
}

/** The reply to an announcement. */
export function announceReply(it: Announcement, ask: Ask): Message {
  const { state, input, plan, conflicts, slots } = it;
  const key = changeKey(state);
  const title = input.title.length > titleLimit ? shorten(input.title, titleLimit) : input.title;
  const soon = !input.begun && plan.startsAt.getTime() - ask.now.getTime() <= nowMs;
  return message(
    line({ bold: key }, ` announced, ${kindPhrase(plan.kind)}: ${title}`),
    line(...whenSpans(it, ask)),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    placeLine(it, key),
    !input.kind &&
      line(
        `Nobody said the kind, so I took it for ${kindPhrase(plan.kind)}; `,
        { code: `/change describe ${key} kind:…` },
        ' changes it.',
      ),
    toldLine(it),
    ...conflictParts({ conflicts, slots, key, began: input.begun }, ask),
    soon && buttons({ label: `${key} begins now`, command: `/change start ${key}`, style: 'primary' }),
  );
}

/** The reply to who moved a change. */
export function movedReply(
  it: {
    change: Change;
    window: { startsAt: Date; endsAt: Date | null };
    conflicts: readonly Conflict[];
    slots: readonly Date[];
    /** It had been said to have begun. */
    back: boolean;
  },
  input: MoveInput,
  ask: Ask,
): Message {
  const key = changeKey(it.change);
  return message(
    line(
      { bold: key },
      ` is planned for ${planned(it.window, input.time, ask)}.`,
      ...wasSpans(it.change, ask),
      ...(it.back ? [' That it began no longer counts.'] : []),
    ),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    ...conflictParts({ ...it, key, began: false }, ask),
    it.conflicts.length === 0 && line('I see nothing that it collides with.'),
  );
}

/** The reply to who said something better. */
export function describedReply(
  change: Change,
  said: object,
  conflicts: readonly Conflict[],
  input: DescribeInput,
  ask: Ask,
): Message {
  const names: Record<string, string> = { components: 'what it touches', url: 'its link' };
  const what = Object.keys(said).filter((name) => name !== 'production');
  const key = changeKey(change);
  return message(
    line(
      { bold: key },
      ` has another ${what.map((name) => names[name] ?? name).join(', ')} now. `,
      {
        code: `/change show ${key}`,
      },
      ' shows it.',
    ),
    input.remarks.length > 0 && line(input.remarks.join(' ')),
    ...conflictParts({ conflicts, slots: [], key, began: change.state !== 'planned' }, ask),
  );
}

/** What collides, each with its why, and when it would not. */
export function conflictParts(
  {
    conflicts,
    slots,
    key,
    began,
  }: {
    readonly conflicts: readonly Conflict[];
    readonly slots: readonly Date[];
    readonly key: string;
    /** It is under way by that; else it is planned. */
    readonly began: boolean;
  },
  ask: Ask,
): (Part | false)[] {
  if (conflicts.length === 0) return [];
  const zone = zoneOf(ask);
  const free: ButtonSpec[] = slots.map((at) => ({
    label: `Move ${key} to ${showInstant(at, zone)}`,
    command: moveLine(key, at),
  }));
  const [first] = slots;
  return [
    headLine(conflicts, key, began),
    list(conflicts.slice(0, conflictsShown).map(conflictSpans)),
    ...moreConflicts(conflicts.length - conflictsShown, key),
    conflicts.some((each) => each.kind === 'cover') &&
      line('To ask somebody for cover: ', { code: `/change cover ${key} @name` }, '.'),
    ...(first
      ? [
          line(
            `Free from ${showInstant(first, zone)} on: `,
            { code: moveLine(key, first) },
            otherSlots(slots, zone),
          ),
          buttons(...free),
        ]
      : []),
  ];
}

// A freeze is no advice: who begins on frozen ground without leave violates it, and reads that here first.
function headLine(conflicts: readonly Conflict[], key: string, began: boolean): Part {
  const hold = conflicts.filter((each) => each.severity === 'hold');
  const freezes = hold.flatMap((each) => (each.kind === 'freeze' && each.with ? [each.with] : []));
  if (freezes.length === 0)
    return line(
      { bold: hold.length > 0 ? 'It had better wait:' : 'Mind:' },
      ' you may go on; this is what it collides with.',
    );
  const ask: Span = { code: `/freeze except ${freezes.join(',')} change:${key} REASON` };
  const unless = 'Unless the gate or an exception lets it, ';
  return began
    ? line(
        { bold: 'That is frozen.' },
        ` ${unless}its start is recorded as a violation, and announced. If it can be stopped, stop it. To ask for a way through: `,
        ask,
        '.',
      )
    : line(
        { bold: 'That is frozen then.' },
        ` ${unless}a start there is recorded as a violation, and announced. To ask for a way through: `,
        ask,
        '.',
      );
}

function otherSlots([, ...others]: readonly Date[], zone: string): string {
  if (others.length === 0) return '';
  return `, or ${others.map((at) => showInstant(at, zone)).join(', or ')}`;
}

function moveLine(key: string, at: Date): string {
  return `/change move ${key} at:${at.toISOString().replace(/\.000Z$/, 'Z')}`;
}

function whenSpans({ state, input, plan }: Announcement, ask: Ask): Span[] {
  const key = changeKey(state);
  if (input.begun)
    return [
      `Under way since ${showInstant(plan.startsAt, zoneOf(ask))}.${assumed(input.at, ask)} When it ends: `,
      { code: `/change done ${key}` },
      '.',
    ];
  const when = input.at ? planned(plan, input.at, ask) : `now${lengthOf(plan)}`;
  return [`Planned for ${when}. When it begins: `, { code: `/change start ${key}` }, '.'];
}

// In the sender's zone and in UTC, with its length and end.
function planned(
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date | null },
  time: WrittenTime | undefined,
  ask: Ask,
): string {
  const written = {
    ...(time ?? { precision: 'exact' as const, asWritten: '' }),
    at: startsAt,
    until: null,
  };
  return `${showUnderstood(written, zoneOf(ask))}${lengthOf({ startsAt, endsAt })}${assumed(time, ask)}`;
}

function lengthOf({ startsAt, endsAt }: { startsAt: Date; endsAt: Date | null }): string {
  return endsAt ? `, for ${showDuration(endsAt.getTime() - startsAt.getTime())}` : '';
}

function assumed(time: WrittenTime | undefined, ask: Ask): string {
  const said = time?.at ? zoneAssumed(ask) : '';
  return said === '' ? '' : ` (${said.trim().replace(/\.$/, '')})`;
}

function wasSpans(change: Change, ask: Ask): Span[] {
  if (!change.plannedStart) return [];
  return [` It was ${showInstant(change.plannedStart, zoneOf(ask))}.`];
}

function placeLine({ state, fact }: Announcement, key: string): Part {
  if (state.components.length === 0)
    return line(
      'Nobody said what it touches, so I cannot tell whose it is or what it collides with: ',
      { code: `/change describe ${key} on:api/prod` },
      ' says it.',
    );
  const shown = fewNames(state.components.map(componentName), componentsShown);
  const { unknownServices } = announcedData(fact);
  const unknown =
    unknownServices.length > 0
      ? ` Not in the catalogue: ${unknownServices.slice(0, componentsShown).join(', ')}.`
      : '';
  return line(`Touches ${shown}.${unknown}`);
}

function toldLine({ state, fact }: Announcement): Part {
  const { audience, production, owner, by } = announcedData(fact);
  if (!production)
    return line(
      'It is not in production, so it is not announced in the channel; ',
      { code: '/change list' },
      ' shows it.',
    );
  const { neighbourhood } = state.around;
  const services = [...new Set(state.components.map((each) => each.service))];
  const others = audience.people.map(
    ({ id, name }) => `${name} (${whyTold({ userId: id }, services, neighbourhood) ?? 'an owner'})`,
  );
  const names = [
    `#${state.channel.replace(/^#/, '')}`,
    ...(owner.id !== null && owner.id !== by.id ? [`${owner.name} (its owner)`] : []),
    ...others,
    ...audience.channels.map((channel) => `#${channel.replace(/^#/, '')}`),
  ];
  return line(`Told: ${fewNames(names, peopleShown)}.`);
}

function announcedData(fact: Stated) {
  // Stated a moment ago by this kind, whose schema checked it.
  return fact.data as ReturnType<typeof changeAnnounced.read>['data'];
}

function zoneOf(ask: Ask): string {
  return ask.actor.zone ?? ask.workspace.zone;
}
