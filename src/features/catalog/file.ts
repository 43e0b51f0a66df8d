// A catalogue as a file of our own format: what it may hold, and what is told of one that is wrong.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { isBackstage, readBackstage } from './backstage.js';
import { listOf, mapOf, orEmpty, person, place, text } from './file-kit.js';
import { allowedOfPeople, peopleIn, peopleParts, serviceName, updates } from './file-people.js';
import { BadCatalog, originLimit, type SaidCatalog, servicesMax } from './said.js';
import {
  channelOf,
  checkLimit,
  checksMax,
  clockOf,
  dependenciesMax,
  isName,
  labelLimit,
  limitMax,
  ownersMax,
  tiers,
  unique,
  usualEnvironment,
} from './words.js';
import { readYaml, type YamlPart } from './yaml.js';

/** Reads a catalogue, ours or Backstage's. `file` is its name, for messages and as its origin. Throws BadCatalog. */
export function readCatalog(text: string, file: string, origin?: string): SaidCatalog {
  const parts = readYaml(text, file).filter(({ content }) => content !== null && content !== undefined);
  const [first] = parts;
  if (!first) throw new BadCatalog(`${file} is empty. ${form}`);
  const said = isBackstage(first.content) ? readBackstage(parts, file) : readOwn(parts, first, file);
  if (said.services.length > servicesMax)
    throw new BadCatalog(
      `${file} has ${said.services.length} services; ${servicesMax} is the most. Leave out what nobody deploys.`,
    );
  const named = oneLine(origin ?? said.origin).slice(0, originLimit);
  if (named === '' || named.toLowerCase() === 'slack')
    throw new BadCatalog(
      `${file}: its origin cannot be “${named}”. Name it by --origin, such as --origin platform.`,
    );
  return { ...said, origin: named };
}

const form = 'The form is described in docs/catalog.md.';

function readOwn(parts: readonly YamlPart[], first: YamlPart, file: string): SaidCatalog {
  if (parts.length > 1)
    throw new BadCatalog(
      `${file} has ${parts.length} documents; a catalogue is one. Take out the lines “---”. Nothing was imported.`,
    );
  const parsed = schema.safeParse(first.content);
  if (!parsed.success)
    throw new BadCatalog(`${file}${whatIsWrong(parsed.error, first)} Nothing was imported.`);
  const { services, environments, clusters, settings, origin } = parsed.data;
  checkNames(environments, first, file);
  return {
    origin: origin ?? file,
    services: services.map(([name, it]) => ({ name, ...it })),
    environments: environments.map(([name, it]) => ({
      name,
      tier: it.tier ?? tierOf(name, file),
      aliases: it.aliases,
    })),
    clusters: clusters.map(([name, it]) => ({ name, ...it })),
    settings: {
      supportChannel: settings.support.channel,
      supportPeople: settings.support.people,
      digestAt: settings.digest,
      serviceLimit: settings.limits.service,
      personLimit: settings.limits.person,
      checks: settings.checks,
      cadence: settings.updates,
    },
    people: peopleIn(parsed.data, first, file),
    remarks: [],
  };
}

function tierOf(name: string, file: string) {
  const { tier } = usualEnvironment(name);
  if (tier) return tier;
  throw new BadCatalog(
    `${file}: environments.${name}: say what it is for: tier: ${tiers.join(', ')}. Nothing was imported.`,
  );
}

// Of two environments of one name nobody could say which is meant.
function checkNames(
  environments: readonly (readonly [string, { readonly aliases: readonly string[] }])[],
  part: YamlPart,
  file: string,
): void {
  const owners = new Map<string, string>();
  for (const [name, { aliases }] of environments)
    for (const each of [name, ...aliases]) {
      const owner = owners.get(each.toLowerCase()) ?? name;
      owners.set(each.toLowerCase(), owner);
      if (owner === name) continue;
      const line = part.lineOf(['environments', name]);
      throw new BadCatalog(
        `${file}, line ${line}: “${each}” stands for ${owner} and for ${name}. Keep it with one of the two. Nothing was imported.`,
      );
    }
}

const people = listOf(person, ownersMax, 'people');
const channel = text(labelLimit, 'a channel, such as "#api"').transform(channelOf);
const checks = listOf(text(checkLimit, 'what to look at, in a sentence'), checksMax, 'checks');
const tierRule = { error: 'must be 1 (the most important) to 4' };
const tier = z
  .union(
    [z.literal([1, 2, 3, 4], tierRule), z.enum(['1', '2', '3', '4'], tierRule).transform(Number)],
    tierRule,
  )
  .nullish()
  .transform((value) => value ?? null);
const limit = z
  .int({ error: 'must be a whole number; 0 is none' })
  .min(0, { error: 'must be a whole number; 0 is none' })
  .max(limitMax, { error: `must be at most ${limitMax}; 0 is none` })
  .transform((value) => (value === 0 ? null : value))
  .optional();
const digest = z
  .union([z.string(), z.literal(false)], {
    error: 'must be a time of the day in quotes, such as "08:30", or off',
  })
  .transform((value, context) => {
    if (value === false || value.trim().toLowerCase() === 'off') return null;
    const clock = clockOf(value);
    if (clock) return clock;
    const message = 'must be a time of the day, such as "08:30", or off';
    context.issues.push({ code: 'custom', input: value, message });
    return z.NEVER;
  })
  .optional();

const serviceSchema = z.strictObject({
  owners: people,
  team: text(labelLimit, 'the name of a team')
    .nullish()
    .transform((value) => value ?? null),
  tier,
  channel: channel.nullish().transform((value) => value ?? null),
  depends_on: listOf(serviceName, dependenciesMax, 'services'),
  runs_on: listOf(place, dependenciesMax, 'places'),
  checks,
});
const environmentSchema = z.strictObject({
  tier: z.enum(tiers, { error: `must be ${tiers.join(', ')}` }).optional(),
  aliases: listOf(serviceName, ownersMax, 'aliases'),
});
const clusterSchema = z.strictObject({
  environment: text(labelLimit, 'the environment that it is in, such as prod').refine(isName, {
    error: 'must be the name of an environment',
  }),
  owners: people,
});
const supportSchema = z.strictObject({ channel: channel.nullable().optional(), people: people.optional() });
const limitsSchema = z.strictObject({ service: limit, person: limit });
const settingsSchema = z.strictObject({
  support: orEmpty(supportSchema),
  digest,
  limits: orEmpty(limitsSchema),
  checks: checks.optional(),
  updates: updates.optional(),
});

const schema = z.strictObject(
  {
    origin: text(originLimit, 'a name').optional(),
    settings: orEmpty(settingsSchema),
    environments: mapOf(environmentSchema, 'environments'),
    clusters: mapOf(clusterSchema, 'clusters'),
    services: mapOf(
      serviceSchema.transform(({ depends_on, runs_on, ...it }) => ({
        ...it,
        dependsOn: unique(depends_on),
        runsOn: runs_on,
      })),
      'services',
    ),
    ...peopleParts,
  },
  { error: 'must be a mapping with services, environments, clusters and settings' },
);

/** What may stand in a mapping, by its path; `*` is any name. */
const allowed: Readonly<Record<string, object>> = {
  '': { origin: 0, settings: 0, environments: 0, clusters: 0, services: 0, ...peopleParts },
  settings: settingsSchema.shape,
  'settings.support': supportSchema.shape,
  'settings.limits': limitsSchema.shape,
  'services.*': serviceSchema.shape,
  'environments.*': environmentSchema.shape,
  'clusters.*': clusterSchema.shape,
  ...allowedOfPeople,
};

function whatIsWrong(error: z.ZodError, part: YamlPart): string {
  const [issue] = error.issues;
  if (!issue) return ' cannot be read.';
  const path = issue.path;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const line = part.lineOf(path, unknown);
  const shown = path
    .map((each) => (typeof each === 'number' ? `[${each + 1}]` : `.${String(each)}`))
    .join('');
  const place = shorten(shown.replace(/^\./, ''), 120) || 'it';
  const at = `${line === null ? '' : `, line ${line}`}: ${place}`;
  if (unknown !== undefined) {
    const depth = path
      .map((each, i) =>
        typeof each === 'number' || (i === 1 && path[0] !== 'settings') ? '*' : String(each),
      )
      .join('.');
    const may = Object.keys(allowed[depth] ?? {}).join(', ');
    return `${at} cannot have “${shorten(unknown, 60)}”; it may have ${may}.`;
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return `${at} ${message}.`;
}
