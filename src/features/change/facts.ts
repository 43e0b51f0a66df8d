// What can happen to a change, and how each reads aloud.
import { z } from 'zod';
import { defineFact } from '../../core/fact.js';
import { componentSchema, personSchema } from '../incident/index.js';
import {
  changeKey,
  changeKinds,
  changeStates,
  conflictSchema,
  ownerSchema,
  reportSchema,
  reversibilities,
  stateName,
} from './words.js';

const date = z.coerce.date().nullable();

const audience = z.object({ people: z.array(personSchema), channels: z.array(z.string()) });
/** Who is told one by one, where somebody is: its owner, and those to whom it was announced. */
const told = { owner: ownerSchema.optional(), audience: audience.optional() };

export const changeAnnounced = defineFact(
  'ChangeAnnounced',
  z.object({
    number: z.number().int(),
    source: z.string(),
    key: z.string(),
    sequence: z.number().int().nullable(),
    kind: z.enum(changeKinds),
    title: z.string(),
    state: z.enum(changeStates),
    text: z.string().nullable(),
    /** What runs is what ran before. */
    unchanged: z.boolean(),
    production: z.boolean(),
    /** Their environments by the names that the catalogue has for them. */
    components: z.array(componentSchema),
    owner: ownerSchema,
    by: personSchema,
    plannedStart: date,
    plannedEnd: date,
    startedAt: date,
    finishedAt: date,
    artifact: z.string().nullable(),
    previousArtifact: z.string().nullable(),
    url: z.string().nullable(),
    reversible: z.enum(reversibilities),
    rollbackOfId: z.string().nullable(),
    cover: personSchema.nullable(),
    conflicts: z.array(conflictSchema),
    /** Who else is told: the owners of what it touches and of what depends on it, and channels of theirs. */
    audience,
    /** Which service the catalogue does not know. */
    unknownServices: z.array(z.string()),
    format: z.string(),
  }),
  (it) => ({ kind: 'change', text: `${changeKey(it)} announced: ${it.title}` }),
  (it) => ({ ...it, title: 'redacted', text: null }),
);

/** What a pipeline sent, as it sent it. */
export const changeReported = defineFact(
  'ChangeReported',
  z.object({
    report: reportSchema,
    /** A later word had come before it, so it changes no state. */
    late: z.boolean(),
  }),
  () => null,
  (it) => ({ ...it, report: { ...it.report, title: 'redacted', text: null, body: null } }),
);

/** It is planned for another time. */
export const changeMoved = defineFact(
  'ChangeMoved',
  z.object({
    number: z.number().int(),
    plannedStart: date,
    plannedEnd: date,
    before: z.object({ plannedStart: date, plannedEnd: date }),
    conflicts: z.array(conflictSchema),
    ...told,
  }),
  (it) => ({ kind: 'change', text: `${changeKey(it)} moved` }),
);

/** More, or something else, is known of it than was said first; what is not named stays. */
export const changeDescribed = defineFact(
  'ChangeDescribed',
  z.object({
    number: z.number().int(),
    title: z.string().optional(),
    kind: z.enum(changeKinds).optional(),
    production: z.boolean().optional(),
    owner: ownerSchema.optional(),
    artifact: z.string().nullable().optional(),
    previousArtifact: z.string().nullable().optional(),
    url: z.string().nullable().optional(),
    reversible: z.enum(reversibilities).optional(),
    startedAt: date.optional(),
    components: z.array(componentSchema).optional(),
    /** Where what it collides with may be something else now. */
    conflicts: z.array(conflictSchema).optional(),
    /** Whom it concerns now and did not before. */
    audience: audience.optional(),
    /** What is said of the state that it has already. */
    stateText: z.string().nullable().optional(),
  }),
  (it) => ({ kind: 'change', text: `${changeKey(it)} described anew` }),
  (it) => ({
    ...it,
    ...(it.title === undefined ? {} : { title: 'redacted' }),
    ...(it.stateText === undefined ? {} : { stateText: null }),
  }),
);

/** It came to another state; when, is when the fact happened. */
export const changeStateSet = defineFact(
  'ChangeStateSet',
  z.object({
    number: z.number().int(),
    kind: z.enum(changeKinds),
    from: z.enum(changeStates),
    to: z.enum(changeStates),
    text: z.string().nullable(),
    /** Where it was said apart from the state's own time, as pipelines do. */
    startedAt: date.optional(),
    finishedAt: date.optional(),
    sequence: z.number().int().nullable(),
    /** At the start only: why it collides with what else runs. */
    conflicts: z.array(conflictSchema).optional(),
    /** The change that takes this one back, where that is one of its own. */
    rolledBackBy: z.string().nullable().optional(),
    /** How long it was planned to take, in milliseconds; null and nothing: nobody said. */
    plannedMs: z.number().int().nullable().optional(),
    /** At the start: how long after its planned time it began, where that is worth saying. */
    lateMs: z.number().int().optional(),
    /** What led to it is said in the channel already, with what to do. */
    said: z.boolean().optional(),
    ...told,
  }),
  (it) => ({
    kind: 'change',
    text: `${changeKey(it)} ${stateName(it.from)} → ${stateName(it.to)}${it.text ? `: ${it.text}` : ''}`,
  }),
  (it) => ({ ...it, text: null }),
);

/** A freeze came over what is planned, or went from it; whoever owns that is told. Of the stream of freezes. */
export const plansFrozen = defineFact(
  'PlansFrozen',
  z.object({
    freeze: z.object({ id: z.string(), number: z.int() }),
    plans: z.array(
      z.object({
        changeId: z.string(),
        number: z.int(),
        owner: ownerSchema,
        /** Null: it is in its way no more. */
        conflict: conflictSchema.nullable(),
        /** When nothing would be in its way; null where none was found, or none is needed. */
        freeAt: date,
      }),
    ),
  }),
  () => null,
);
