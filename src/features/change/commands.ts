// What people say of changes: announce, move, describe, and how each goes on.
import { z } from 'zod';
import { type Ask, type Command, defineCommand, type Located } from '../../core/command.js';
import { line, list, message, type Span } from '../../core/message.js';
import { textOf } from '../../core/text.js';
import type { PersonRef } from '../../core/usage.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { type Component, componentWord, writtenTimeSchema } from '../incident/index.js';
import { placesOf } from './announcing.js';
import * as decide from './decide.js';
import { decideDescribe } from './describe.js';
import { announceForm, moveForm } from './forms.js';
import type { AnnounceInput, AnnounceState, DescribeInput, MoveInput, PlannedState } from './said.js';
import { type ChangeAt, decideState, type StateInput, type StateVerb, usualFrom } from './state.js';
import {
  type Change,
  changeStream,
  componentsOf,
  findChange,
  readChange,
  takeChangeNumber,
} from './store.js';
import { surroundingsOf } from './surroundings.js';
import {
  changeKey,
  changeWord,
  kindWord,
  lengthWord,
  readChangeKey,
  reversibilities,
  stateName,
} from './words.js';

const minuteMs = 60_000;
/** How far back a like announcement is looked for, in numbers. */
const recentMax = 50;
const urlLimit = 2_000;
const candidatesShown = 5;
/** A change of one's own that was planned so long ago is not the one that is meant. */
const meantDays = 7;

const person = z.custom<PersonRef>();
const remarks = z.array(z.string()).default([]);
const urlWord = z
  .string()
  .max(urlLimit, { error: 'That address is too long.' })
  .refine((url) => /^https?:\/\//i.test(url), { error: 'url: begins with https:// or http://.' })
  .refine((url) => !/[\s<>"|]/.test(url), {
    error: 'url: has a character that no address has (< > | " or a space). Write %3C, %3E, %7C, %22 or %20.',
  })
  .refine((url) => URL.canParse(url), { error: 'url: is no address that can be opened.' });
const reversibleWord = z
  .string()
  .transform((word) => word.trim().toLowerCase())
  .pipe(z.enum(reversibilities, { error: 'reversible: is yes, no or unknown.' }));

/** What may be said of a change besides its times. */
const described = {
  kind: kindWord.optional(),
  owner: person.optional(),
  url: urlWord.optional(),
  reversible: reversibleWord.optional(),
  remarks,
};

const announce = defineCommand<AnnounceInput, { id: string }, AnnounceState>({
  verb: {
    surface: 'change',
    words: ['announce', 'plan'],
    usage:
      '[TITLE] [kind:] [on:COMPONENT,…] [at:WHEN] [for:] [until:WHEN] [cover:@user] [owner:@user] [url:] [reversible:] [begun] [irreversible] [anyway]',
    summary: 'Announces a change, now or planned, to those whom it concerns. With no words it asks.',
    example: '/change announce upgrade the control plane kind:upgrade on:k8s/prod at:18:00 for:2h cover:@bob',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({
    title: textOf({
      missing: 'Say in a few words what changes, such as “upgrade the control plane to 1.31”.',
      limit: 2_000,
    }),
    ...described,
    on: z.array(componentWord).max(50, { error: 'At most 50 components.' }).default([]),
    at: writtenTimeSchema.optional(),
    for: lengthWord.optional(),
    until: writtenTimeSchema.optional(),
    cover: person.optional(),
    irreversible: z.boolean().default(false),
    begun: z.boolean().default(false),
    anyway: z.boolean().default(false),
  }),
  form: announceForm,
  async locate(_tx, _input, ask) {
    const id = ask.newId();
    return { streams: [changeStream(id)], target: { id } };
  },
  async load(tx, input, { id }, ask) {
    const workspaceId = ask.workspace.id;
    // The counter's row is locked first: of two like announcements the second sees the first.
    const number = await takeChangeNumber(tx, ask.workspace);
    const components = placesOf(input.on, await environmentsOf(tx, workspaceId));
    const since = new Date(ask.now.getTime() - decide.repeatMinutes * minuteMs);
    const latest = await tx.change.findMany({
      where: { workspaceId, number: { gte: number - recentMax, lt: number } },
    });
    const own = latest.filter((each) => each.announcedById === ask.actor.id && each.announcedAt >= since);
    const recent = [];
    for (const each of own) recent.push({ ...each, components: await componentsOf(tx, each.id) });
    const { changesChannel } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
    return {
      id,
      number,
      components,
      around: await surroundingsOf(tx, decide.planOf(id, input, components, ask), ask),
      recent,
      channel: changesChannel,
    };
  },
  decide: decide.decideAnnounce,
});

const move = defineCommand<MoveInput, Change, PlannedState>({
  verb: {
    surface: 'change',
    words: ['move'],
    usage: 'ID WHEN [for:] [until:WHEN]',
    summary: 'Plans a change for another time, and says what it collides with there.',
    example: '/change move CHG-7 tomorrow 10:00 for:1h',
    onIncident: false,
    inDrill: 'refused',
    toForm: keyAlone,
  },
  input: z.object({
    id: changeWord,
    time: writtenTimeSchema.optional(),
    for: lengthWord.optional(),
    until: writtenTimeSchema.optional(),
    remarks,
  }),
  form: moveForm,
  locate: findChange,
  load: async (tx, input, target, ask) =>
    plannedState(tx, target.id, (change) => decide.movedWindow(change, input, ask), ask),
  decide: decide.decideMove,
});

const describe = defineCommand<DescribeInput, Change, PlannedState>({
  verb: {
    surface: 'change',
    words: ['describe'],
    usage: 'ID [TITLE] [kind:] [on:COMPONENT,…] [owner:@user] [url:] [reversible:]',
    summary: 'Says better what a change is: what is not named stays.',
    example: '/change describe CHG-7 kind:upgrade on:api/prod',
    onIncident: false,
    inDrill: 'refused',
  },
  input: z.object({
    id: changeWord,
    title: textOf({ missing: '', limit: 2_000 }).optional(),
    ...described,
    on: z.array(componentWord).max(50, { error: 'At most 50 components.' }).optional(),
  }),
  locate: findChange,
  load: async (tx, input, target, ask) => plannedState(tx, target.id, null, ask, input.on),
  decide: decideDescribe,
});

const stateVerbs: readonly (readonly [StateVerb, readonly string[], string, string])[] = [
  ['start', ['start'], 'It begins now, or began at:TIME.', '/change start CHG-7'],
  [
    'done',
    ['done', 'finish'],
    'It is through. Upgrades, migrations and infrastructure are validated then.',
    '/change done CHG-7',
  ],
  ['fail', ['fail'], 'It failed.', '/change fail CHG-7 the new nodes do not join'],
  ['rollback', ['rollback'], 'It was taken back.', '/change rollback CHG-7 version 41 runs again'],
  ['cancel', ['cancel'], 'What was planned is not done.', '/change cancel CHG-7 the vendor is not ready'],
];

const states = stateVerbs.map(([verb, words, summary, example]) =>
  defineCommand<StateInput, { change: Change; meant: boolean }, ChangeAt>({
    verb: {
      surface: 'change',
      words,
      usage: '[ID] [TEXT] [at:TIME]',
      summary,
      example,
      onIncident: false,
      inDrill: 'refused',
      fromLine: withBareText,
    },
    input: z.object({
      id: changeWord.optional(),
      text: textOf({ missing: '', limit: 2_000 }).optional(),
      at: writtenTimeSchema.optional(),
      remarks,
    }),
    locate: (tx, input, ask) => locateMeant(tx, verb, input, ask),
    async load(tx, _input, { change, meant }, ask) {
      return { ...(await plannedState(tx, change.id, null, ask)), meant };
    },
    decide: (state, input, ask) => decideState(verb, state, input, ask),
  }),
);

export const commands: readonly Command[] = [announce, ...states, move, describe];

/** Loads a change with what is around it, as it is, for another time, or at other places. */
async function plannedState(
  tx: Tx,
  id: string,
  window: ((change: Change) => { startsAt: Date; endsAt: Date | null }) | null,
  ask: Ask,
  on?: readonly Component[],
): Promise<PlannedState> {
  const change = await readChange(tx, id);
  const before = await componentsOf(tx, id);
  const components = on?.length ? placesOf(on, await environmentsOf(tx, ask.workspace.id)) : before;
  const length = decide.plannedMs(change);
  const now = { startsAt: ask.now, endsAt: length === null ? null : new Date(ask.now.getTime() + length) };
  const plan = decide.planOfChange(change, components, window?.(change) ?? now);
  return { change, components, before, around: await surroundingsOf(tx, plan, ask) };
}

/** `/change move CHG-7` leaves the time open. */
function keyAlone(words: string): Readonly<Record<string, string>> | null {
  const number = readChangeKey(words);
  return number === null ? null : { id: `CHG-${number}` };
}

// `done all went well`: the first word is no key, so it belongs to the text.
function withBareText(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id, text, ...rest } = values;
  if (typeof id !== 'string' || readChangeKey(id) !== null || /^(?:chg|#)/i.test(id)) return { ...values };
  return { ...rest, text: [id, text].filter((each) => each !== undefined).join(' ') };
}

// The one that is named; else the one of the asker's that the verb could mean.
async function locateMeant(
  tx: Tx,
  verb: StateVerb,
  input: StateInput,
  ask: Ask,
): Promise<Located<{ change: Change; meant: boolean }>> {
  if (input.id !== undefined) {
    const found = await findChange(tx, { id: input.id }, ask);
    return 'refused' in found ? found : { ...found, target: { change: found.target, meant: false } };
  }
  const since = new Date(ask.now.getTime() - meantDays * 24 * 60 * minuteMs);
  const own = await tx.change.findMany({
    where: {
      workspaceId: ask.workspace.id,
      ownerId: ask.actor.id,
      state: { in: [...usualFrom[verb]] },
      startsAt: { gte: since },
    },
    orderBy: { startsAt: 'asc' },
    take: candidatesShown + 1,
  });
  // What has begun is meant before what is only planned, and what is still to come has not ended.
  const begun = own.filter((each) => each.state !== 'planned');
  const could = verb === 'done' ? own.filter((each) => each.startsAt <= ask.now) : own;
  const meant = begun.length > 0 ? begun : could;
  const [only] = meant;
  if (only && meant.length === 1)
    return { streams: [changeStream(only.id)], target: { change: only, meant: true } };
  return { refused: { message: whichOne(verb, meant), field: 'id' } };
}

function whichOne(verb: StateVerb, own: readonly Change[]) {
  if (own.length === 0)
    return message(
      line(
        `You have no change that could be meant. Say which one, such as `,
        { code: `/change ${verb} CHG-7` },
        '; ',
        { code: '/change list' },
        ' shows them. Nothing was done.',
      ),
    );
  return message(
    line('Which one? Several of yours could be meant. Nothing was done.'),
    list(
      own
        .slice(0, candidatesShown)
        .map((each): Span[] => [
          { code: `/change ${verb} ${changeKey(each)}` },
          ` ${each.title} (${stateName(each.state)})`,
        ]),
    ),
  );
}
