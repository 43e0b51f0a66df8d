// Changes as bodies of requests carry them, and what each member may be.
import { z } from 'zod';
import { shortText, slackPerson, timeOf } from '../../core/body.js';
import { textOf } from '../../core/text.js';
import { type Component, componentWord } from '../incident/index.js';
import { titleLimit } from './announcing.js';
import {
  changeKinds,
  changeStates,
  ownSource,
  plannedDaysMax,
  reversibilities,
  silentReport,
} from './words.js';

const targetsMax = 50;
const textMax = 2_000;
const urlMax = 2_000;
const dayMs = 86_400_000;

/** A place in a body, in one of its two forms. */
export const targetWord = z
  .union(
    [
      z.string().superRefine((word, context) => checkComponent(word, context)),
      z
        .strictObject({
          service: z.string(),
          environment: z.string().optional(),
          cluster: z.string().optional(),
        })
        .superRefine((it, context) => {
          for (const [name, value] of Object.entries(it)) checkName(name, value, context);
          checkComponent(written(it), context);
        }),
    ],
    { error: 'A target is “service/environment/cluster”, or {"service", "environment", "cluster"}.' },
  )
  .meta({ example: 'api/prod' });
type Target = string | { service: string; environment?: string | undefined; cluster?: string | undefined };

const owner = z.union(
  [
    shortText('owner'),
    z.strictObject({ id: z.string().regex(slackPerson).optional(), name: shortText('name') }),
  ],
  { error: 'owner is the id of a Slack user, such as U012AB3CD, a name, or an address.' },
);

/** The address of a page in the web. */
export const link = shortText('url', urlMax).refine(isWebAddress, {
  error: 'url is an address that begins with https:// or http://, without a name or a password in it.',
});

/** A state that is asked for. */
export const stateWord = z.enum(changeStates, { error: `A state is one of ${changeStates.join(', ')}.` });
const reversible = z.enum(reversibilities, { error: `reversible is one of ${reversibilities.join(', ')}.` });
const title = textOf({ missing: 'Say in a few words what changes.' })
  .refine((text) => text.length <= titleLimit, {
    error: `A title has at most ${titleLimit} characters; the rest can go into text.`,
  })
  .meta({ example: 'Deploy api 4.12.0' });
const artifact = shortText('artifact').meta({
  description: 'What is delivered: a commit, an image’s digest, a purl.',
});

const times = {
  plannedStart: timeOf('plannedStart'),
  plannedEnd: timeOf('plannedEnd'),
  startedAt: timeOf('startedAt'),
  finishedAt: timeOf('finishedAt'),
};

/** What a program announces, or says of what it announced. */
export const changeBody = z
  .strictObject({
    source: shortText('source')
      .refine((word) => word.toLowerCase() !== ownSource, {
        error: '“andon” is Andon’s own; say who tells of it.',
      })
      .optional()
      .meta({
        description: 'Who tells of it; the token’s name unless told otherwise.',
        example: 'jenkins:acme/api',
      }),
    key: shortText('key').optional().meta({
      description:
        'The source’s name for it: the same key later follows the same change. The Idempotency-Key unless told otherwise.',
      example: 'run-4711',
    }),
    sequence: z
      .int({ error: 'sequence is a whole number that grows with every word on one change.' })
      .optional()
      .meta({
        description: 'An older word than one before changes no state. Without it words count as they come.',
      }),
    kind: z.enum(changeKinds, { error: `A kind is one of ${changeKinds.join(', ')}.` }),
    title,
    state: stateWord
      .optional()
      .meta({ description: 'planned, unless told otherwise; of a known change the state that it has.' }),
    targets: z
      .array(targetWord, { error: 'targets is a list, such as ["api/prod"].' })
      .min(1, { error: 'Name at least one target, such as "api/prod".' })
      .max(targetsMax, {
        error: `At most ${targetsMax} targets; name the cluster or the environment instead.`,
      }),
    owner: owner
      .optional()
      .meta({ description: 'The person who answers for it; else the catalogue’s first owner, else actor.' }),
    actor: shortText('actor')
      .optional()
      .meta({ description: 'Who or what began it, by the name that the pipeline has for them.' }),
    plannedStart: times.plannedStart.optional(),
    plannedEnd: times.plannedEnd.optional(),
    startedAt: times.startedAt.optional(),
    finishedAt: times.finishedAt.optional(),
    url: link.optional(),
    artifact: artifact.optional(),
    previousArtifact: shortText('previousArtifact').optional(),
    reversible: reversible.optional(),
    text: shortText('text', textMax)
      .optional()
      .meta({ description: 'What is to be said of the state, such as why it failed.' }),
    rollback: z.boolean().optional().meta({ description: 'It takes back what ran there before.' }),
    rollbackOf: shortText('rollbackOf')
      .optional()
      .meta({ description: 'The key, or the number such as CHG-6, of what it takes back.' }),
    change: z
      .string()
      .regex(/^chg-?\d{1,9}$/i, { error: 'change is the number of an announced change, such as CHG-12.' })
      .optional()
      .meta({
        description:
          'The change, announced before, that this carries out; from then on the key is that change’s.',
        example: 'CHG-12',
      }),
  })
  .superRefine(checkTimes);
export type ChangeBody = z.infer<typeof changeBody>;

/** What is to be different. */
export const changePatch = z
  .strictObject({
    state: stateWord.optional(),
    text: shortText('text', textMax).nullish(),
    title: title.optional(),
    owner: owner.nullish(),
    plannedStart: times.plannedStart.nullish(),
    plannedEnd: times.plannedEnd.nullish(),
    startedAt: times.startedAt.optional(),
    finishedAt: times.finishedAt.optional(),
    url: link.nullish(),
    artifact: artifact.nullish(),
    previousArtifact: shortText('previousArtifact').nullish(),
    reversible: reversible.optional(),
  })
  .superRefine((it, context) => {
    if (Object.keys(it).length === 0)
      context.addIssue({
        code: 'custom',
        message: 'Say what is to be different, such as {"state": "succeeded"}.',
      });
    checkTimes(it, context);
  });

/** The body as a report: what it leaves out, nobody said. */
export function toldOf(it: ChangeBody) {
  const at = (text: string | undefined) => (text === undefined ? null : new Date(text));
  return {
    ...silentReport,
    ...{ source: it.source ?? null, key: it.key ?? null, sequence: it.sequence ?? null },
    ...{ kind: it.kind, title: it.title, state: it.state ?? null, text: it.text ?? null },
    targets: it.targets.map(componentOf),
    owner: it.owner === undefined ? null : ownerOf(it.owner),
    by: it.actor ?? null,
    ...{ plannedStart: at(it.plannedStart), plannedEnd: at(it.plannedEnd) },
    ...{ startedAt: at(it.startedAt), finishedAt: at(it.finishedAt) },
    ...{ artifact: it.artifact ?? null, previousArtifact: it.previousArtifact ?? null, url: it.url ?? null },
    reversible: it.reversible ?? 'unknown',
    rollback: it.rollback ?? it.rollbackOf !== undefined,
    rollbackOf: it.rollbackOf ?? null,
    change: it.change === undefined ? null : Number(it.change.replace(/\D+/, '')),
    format: 'native',
    body: JSON.stringify(it),
  };
}

/** Who is named: by Slack's id, or by whatever else. */
export function ownerOf(it: z.infer<typeof owner>): { id: string | null; name: string } {
  if (typeof it !== 'string') return { id: it.id ?? null, name: it.name };
  return slackPerson.test(it) ? { id: it, name: it } : { id: null, name: it };
}

/** The place that a body names. */
export function componentOf(it: Target): Component {
  return componentWord.parse(written(it));
}

function written(it: Target): string {
  if (typeof it === 'string') return it;
  // One without an environment has no cluster either: what is between the strokes would be empty, and is refused.
  return [it.service, it.environment ?? '', it.cluster ?? ''].join('/').replace(/\/+$/, '');
}

function checkComponent(word: string, context: z.RefinementCtx): void {
  const read = componentWord.safeParse(word);
  for (const { message } of read.error?.issues ?? []) context.addIssue({ code: 'custom', message });
}

// `{"environment": "prod/eks"}` would be read as an environment and a cluster.
function checkName(name: string, value: string | undefined, context: z.RefinementCtx): void {
  if (!value?.includes('/')) return;
  context.addIssue({ code: 'custom', path: [name], message: `${name} is one name, without a “/”.` });
}

function checkTimes(
  it: Partial<Record<keyof typeof times, string | null | undefined>>,
  context: z.RefinementCtx,
): void {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  const lasts = (from?: string | null, until?: string | null) =>
    from && until ? Date.parse(until) - Date.parse(from) : null;
  const planned = lasts(it.plannedStart, it.plannedEnd);
  if (planned !== null && planned <= 0) wrong('plannedEnd', 'plannedEnd must be after plannedStart.');
  if (planned !== null && planned > plannedDaysMax * dayMs)
    wrong(
      'plannedEnd',
      `Nothing is planned as one change for longer than ${plannedDaysMax} days; announce its parts.`,
    );
  const took = lasts(it.startedAt, it.finishedAt);
  if (took !== null && took < 0) wrong('finishedAt', 'finishedAt must not be before startedAt.');
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
