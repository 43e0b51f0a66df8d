// The catalogue's verbs in Slack: what small teams say themselves instead of writing a file.
import { z } from 'zod';
import { type Ask, defineCommand } from '../../core/command.js';
import type { Form } from '../../core/form.js';
import type { Tx } from '../../db/tx.js';
import {
  decideCluster,
  decideEnvironment,
  decideRemove,
  decideService,
  type ServiceState,
} from './decide.js';
import { catalogStream } from './facts.js';
import {
  aliasesWord,
  channelWord,
  environmentTierWord,
  labelWord,
  nameWord,
  needsWord,
  ownersWord,
  placesWord,
  tierWord,
} from './inputs.js';
import { holdingsOf } from './loosening.js';
import { sharedPathsOf } from './monitors.js';
import { environmentRows, environmentsOf } from './read.js';
import { sharedText } from './shared.js';
import { findCluster, findEnvironment, findService } from './store.js';
import { isName, tiers } from './words.js';

const onCatalog = async () => ({ streams: [catalogStream], target: null });
// What freezes hold, and the environments as they are.
async function heldBefore(tx: Tx, { workspace, now }: Ask) {
  const entries = await environmentRows(tx, workspace.id);
  return { entries, freezes: await holdingsOf(tx, workspace.id, now) };
}

const sayService = 'Say which service, such as api.';

const serviceForm: Form = {
  title: 'A service',
  submit: 'Save',
  fields: [
    {
      kind: 'text',
      name: 'name',
      label: 'What is it called?',
      hint: 'As pipelines call it. Of one that is there already only what you fill in changes.',
      placeholder: 'api',
    },
    { kind: 'person', name: 'owner', label: 'Who owns it?', optional: true },
    { kind: 'text', name: 'team', label: 'Which team?', optional: true },
    {
      kind: 'choice',
      name: 'tier',
      label: 'How important is it?',
      options: [
        { value: '1', label: 'Tier 1: nobody can work without it' },
        { value: '2', label: 'Tier 2: many are hindered without it' },
        { value: '3', label: 'Tier 3: few are hindered' },
        { value: '4', label: 'Tier 4: hardly noticed' },
      ],
      optional: true,
    },
    {
      kind: 'text',
      name: 'channel',
      label: 'Where do its owners read?',
      placeholder: '#api',
      optional: true,
    },
    {
      kind: 'text',
      name: 'needs',
      label: 'What does it need?',
      hint: 'Services, with commas',
      placeholder: 'db, cache',
      optional: true,
    },
    {
      kind: 'text',
      name: 'on',
      label: 'Where does it run?',
      hint: 'environment/cluster, with commas',
      placeholder: 'prod/eks, staging',
      optional: true,
    },
  ],
};

const serviceInput = z.object({
  name: nameWord(sayService),
  owner: ownersWord.optional(),
  team: labelWord('team').optional(),
  tier: tierWord.optional(),
  channel: channelWord.optional(),
  needs: needsWord.optional(),
  on: placesWord.optional(),
});

export const service = defineCommand<z.infer<typeof serviceInput>, null, ServiceState>({
  verb: {
    surface: 'change',
    words: ['service'],
    usage: 'NAME [owner:@user,…] [team:] [tier:] [channel:] [needs:SERVICE,…] [on:ENVIRONMENT/CLUSTER,…]',
    summary:
      'Adds a service to the catalogue, or changes what you name of it. With its name alone it is shown; “none” takes something away.',
    example: '/change service api owner:@ana,@bob tier:1 needs:db on:prod/eks',
    onIncident: false,
    inDrill: 'refused',
  },
  input: serviceInput,
  form: serviceForm,
  locate: onCatalog,
  async load(tx, input, _target, ask) {
    const workspaceId = ask.workspace.id;
    const needed = { in: input.needs ?? [] };
    const known = await tx.service.findMany({ where: { workspaceId, name: needed }, select: { name: true } });
    const shared = await sharedPathsOf(tx, workspaceId);
    return {
      found: await findService(tx, workspaceId, input.name),
      shared: shared
        .filter(({ monitor }) => monitor.watches.includes(input.name) || monitor.name === input.name)
        .map(sharedText),
      environments: await environmentsOf(tx, workspaceId),
      known: new Set(known.map((each) => each.name)),
    };
  },
  decide: (state, { name, owner, team, tier, channel, needs, on }) =>
    decideService(state, name, { owners: owner, team, tier, channel, dependsOn: needs, runsOn: on }),
});

export const remove = defineCommand({
  verb: {
    surface: 'change',
    words: ['remove'],
    usage: 'NAME [anyway]',
    summary: 'Takes a service out of the catalogue; or an environment or a cluster. Changes stay on record.',
    example: '/change remove old-api',
    onIncident: false,
    inDrill: 'refused',
  },
  // What cannot be a name is none in the catalogue either.
  input: z.object({ name: z.string({ error: sayService }), anyway: z.boolean().default(false) }),
  locate: onCatalog,
  load: async (tx, { name }: { name: string; anyway: boolean }, _target, ask) => ({
    service: await findService(tx, ask.workspace.id, name),
    environment: await findEnvironment(tx, ask.workspace.id, name),
    cluster: await findCluster(tx, ask.workspace.id, name),
    ...(await heldBefore(tx, ask)),
  }),
  decide: (state, { name, anyway }) => decideRemove(state, isName(name) ? name : name.slice(0, 80), anyway),
});

const environmentInput = z.object({
  name: nameWord('Say which environment, such as prod.'),
  tier: environmentTierWord.optional(),
  aliases: aliasesWord.optional(),
  anyway: z.boolean().default(false),
});

export const environment = defineCommand({
  verb: {
    surface: 'change',
    words: ['environment', 'env'],
    usage: 'NAME [tier:] [aliases:NAME,…] [anyway]',
    summary: `Says what an environment is for (${tiers.join(', ')}) and what else it is called.`,
    example: '/change environment eu tier:production aliases:europe,eu-live',
    onIncident: false,
    inDrill: 'refused',
  },
  input: environmentInput,
  locate: onCatalog,
  load: async (tx, { name }: z.infer<typeof environmentInput>, _target, ask) => ({
    found: await findEnvironment(tx, ask.workspace.id, name),
    ...(await heldBefore(tx, ask)),
  }),
  decide: ({ found, ...held }, { name, tier, aliases, anyway }) =>
    decideEnvironment(found, name, { tier, aliases }, { ...held, anyway }),
});

const clusterInput = z.object({
  name: nameWord('Say which cluster, such as eks.'),
  in: nameWord('').optional(),
  owner: ownersWord.optional(),
});

export const cluster = defineCommand({
  verb: {
    surface: 'change',
    words: ['cluster'],
    usage: 'NAME [in:ENVIRONMENT] [owner:@user,…]',
    summary: 'Says in which environment a cluster is, and who owns it.',
    example: '/change cluster eks in:prod owner:@ana',
    onIncident: false,
    inDrill: 'refused',
  },
  input: clusterInput,
  locate: onCatalog,
  load: async (tx, { name }: z.infer<typeof clusterInput>, _target, ask) => ({
    found: await findCluster(tx, ask.workspace.id, name),
    around: await environmentsOf(tx, ask.workspace.id),
  }),
  decide: ({ found, around }, { name, in: environment, owner }) =>
    decideCluster(found, name, { environment, owners: owner }, around),
});
