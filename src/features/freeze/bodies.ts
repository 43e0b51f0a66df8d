// A freeze as the body of a request says it, and the words of the command that it stands for.
import { z } from 'zod';
import { shortText, slackPerson, timeOf } from '../../core/body.js';
import { textOf } from '../../core/text.js';
import { freezeModes, reasonLimit } from './words.js';

const namesMax = 50;
const phraseMax = 300;

const place = z.union(
  [
    shortText('A component'),
    z.strictObject({
      service: shortText('service').optional(),
      environment: shortText('environment').optional(),
      cluster: shortText('cluster').optional(),
    }),
  ],
  {
    error:
      'A component is “service/environment/cluster”, * for any part, or {"service", "environment", "cluster"}.',
  },
);
type Place = z.infer<typeof place>;

function listOf<T>(word: z.ZodType<T>, name: string, example: string) {
  return z
    .array(word, { error: `${name} is a list, such as ["${example}"].` })
    .max(namesMax, { error: `At most ${namesMax} names in ${name}; * at the end stands for any.` })
    .optional()
    .meta({ example: [example] });
}

/** What a program freezes. */
export const freezeBody = z.strictObject({
  reason: textOf({
    missing: 'Say why, in a few words: whoever is stopped reads it.',
    limit: reasonLimit,
  }).meta({
    example: 'the cluster is rebuilt',
  }),
  mode: z.enum(freezeModes, { error: 'mode is hard or soft.' }).optional(),
  on: listOf(place, 'on', 'api/prod').describe(
    'Components; the lists below narrow each of them. Several are all frozen.',
  ),
  environments: listOf(shortText('An environment'), 'environments', 'prod'),
  clusters: listOf(shortText('A cluster'), 'clusters', 'eks-1'),
  tiers: listOf(shortText('A tier'), 'tiers', 'production'),
  except: listOf(place, 'except', 'web/prod').describe('Components that go on all the same.'),
  everything: z.boolean({ error: 'everything is true or false.' }).optional(),
  startsAt: timeOf('startsAt').optional(),
  endsAt: timeOf('endsAt')
    .optional()
    .meta({ description: 'With `every`, a time on the last day on which it may begin.' }),
  for: shortText('for').optional().meta({ description: 'Instead of `endsAt`: 45m, 2h, 3d.', example: '2h' }),
  every: shortText('every', phraseMax).optional().meta({
    description: 'Again and again, in wall time: `weekday 18:00 to 08:00`, `20 Dec to 2 Jan`.',
    example: 'weekday 18:00 to 08:00',
  }),
  zone: shortText('zone').optional().meta({
    description: 'Whose wall time `every` is; the workspace’s unless told otherwise.',
    example: 'Europe/Berlin',
  }),
  owner: z
    .union(
      [shortText('owner'), z.strictObject({ id: shortText('id').optional(), name: shortText('name') })],
      { error: 'owner is the id of a Slack user, such as U012AB3CD, or {"id", "name"}.' },
    )
    .optional()
    .meta({ description: 'Whom the stopped may ask; the token unless told otherwise.' }),
  anyway: z.boolean({ error: 'anyway is true or false.' }).optional().meta({
    description: 'Everything, more than seven days, or the same once more: it is meant.',
  }),
});
export type FreezeBody = z.infer<typeof freezeBody>;

/** The input of `/freeze on` that a body stands for. */
export function saidOf(it: FreezeBody): Record<string, unknown> {
  return {
    reason: it.reason,
    ...{ on: it.on?.map(written), except: it.except?.map(written) },
    ...{ env: it.environments, cluster: it.clusters, tier: it.tiers, everything: it.everything },
    ...{
      from: timeSaid(it.startsAt),
      until: timeSaid(it.endsAt),
      for: it.for,
      every: it.every,
      zone: it.zone,
    },
    ...{ owner: ownerOf(it.owner), soft: it.mode === 'soft', anyway: it.anyway },
  };
}

function timeSaid(text: string | undefined) {
  if (text === undefined) return undefined;
  return { at: new Date(text), until: null, precision: 'exact', asWritten: text };
}

function written(it: Place): string {
  if (typeof it === 'string') return it;
  return [it.service, it.environment, it.cluster].map((part) => part ?? '*').join('/');
}

function ownerOf(it: FreezeBody['owner']): { id: string; name: string } | undefined {
  if (it === undefined) return undefined;
  if (typeof it !== 'string') return { id: it.id ?? it.name, name: it.name };
  return { id: slackPerson.test(it) ? it : `name:${it}`, name: it };
}
