// The workspace as it stands when the sandbox opens: team, app, people, channels.
import { METHODS } from './methods.js';
import type { CommandHint } from './page/contract.js';
import type { PersonSeed, SandboxOptions } from './types.js';
import { newChannel, secret, type World } from './world.js';

const DEFAULT_PEOPLE: PersonSeed[] = [
  {
    id: 'U0ANA00001',
    name: 'ana',
    realName: 'Ana Brandt',
    tz: 'Europe/Berlin',
    email: 'ana@sandbox.example',
  },
  {
    id: 'U0BOB00002',
    name: 'bob',
    realName: 'Bob Castle',
    tz: 'America/New_York',
    email: 'bob@sandbox.example',
  },
  {
    id: 'U0CHEN0003',
    name: 'chen',
    realName: 'Chen Rao',
    tz: 'Asia/Kolkata',
    email: 'chen@sandbox.example',
  },
  { id: 'U0DEE00004', name: 'dee', realName: 'Dee Finch', tz: 'Europe/London', email: 'dee@sandbox.example' },
];

const ALSO_GRANTABLE = ['app_mentions:read', 'chat:write.public', 'chat:write.customize', 'commands'];

/** Every bot scope the method table knows, for apps that name none. */
export function allBotScopes(): string[] {
  const scopes = new Set(ALSO_GRANTABLE);
  for (const method of Object.values(METHODS)) {
    if (method.token === 'bot') for (const scope of method.scopes) scopes.add(scope);
  }
  scopes.delete('');
  return [...scopes].sort();
}

/** Commands of which nothing but the name is known. */
function plainHints(options: SandboxOptions): CommandHint[] {
  return (options.app?.commands ?? []).map((command) => ({ command, description: '', usageHint: '' }));
}

export function openWorld(options: SandboxOptions): World {
  const now = options.now ?? Date.now;
  const domain = options.team?.domain ?? 'sandbox';
  const name = options.app?.name ?? 'Local App';
  const world: World = {
    now,
    wireNow: options.wireNow ?? Date.now,
    team: {
      id: options.team?.id ?? 'T0SANDBOX1',
      name: options.team?.name ?? 'Local workspace',
      domain,
      url: `https://${domain}.slack.com/`,
    },
    app: {
      id: 'A0SANDBOX1',
      name,
      botId: 'B0SANDBOX1',
      botUserId: 'U0BOT00000',
      ...(options.app?.commands ? { commands: options.app.commands } : {}),
      ...(options.app?.events ? { events: options.app.events } : {}),
      scopes: new Set(options.app?.botScopes ?? allBotScopes()),
      hints: options.app?.hints ?? { commands: plainHints(options), shortcuts: [] },
      messagesReadOnly: options.app?.messagesReadOnly ?? false,
    },
    tokens: {
      bot: `xoxb-sandbox-${secret()}`,
      app: `xapp-1-A0SANDBOX1-${secret()}`,
      revoked: new Set(),
      verification: secret(),
      signingSecret: options.app?.signingSecret ?? secret(16),
    },
    users: new Map(),
    channels: new Map(),
    files: new Map(),
    uploads: new Map(),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    scheduled: [],
    ephemerals: [],
    ...(options.usergroups ? { usergroups: options.usergroups } : {}),
    baseUrl: '',
    counter: 0,
    lastMicros: 0,
    happen: () => undefined,
    changed: () => undefined,
  };
  seedPeople(world, options);
  seedChannels(world, options);
  return world;
}

function seedPeople(world: World, options: SandboxOptions): void {
  const updated = Math.floor(world.now() / 1000);
  for (const person of options.people ?? DEFAULT_PEOPLE) {
    world.users.set(person.id, { ...person, isBot: false, deleted: false, updated });
  }
  const botName = world.app.name.toLowerCase().replace(/[^a-z0-9]+/g, '');
  world.users.set(world.app.botUserId, {
    id: world.app.botUserId,
    name: botName,
    realName: world.app.name,
    tz: 'Etc/UTC',
    isBot: true,
    deleted: false,
    updated,
  });
}

function seedChannels(world: World, options: SandboxOptions): void {
  const people = [...world.users.values()].filter((one) => !one.isBot);
  const everybody = people.map((one) => one.id);
  const wanted = options.channels ?? [{ name: 'general' }, { name: 'incidents' }, { name: 'changes' }];
  for (const one of wanted) {
    const members = one.members?.map((who) => {
      const known = [...world.users.values()].find((user) => user.id === who || user.name === who);
      if (!known) throw new Error(`sandbox: no such person: ${who}`);
      return known.id;
    });
    newChannel(world, {
      name: one.name,
      kind: one.private ? 'group' : 'channel',
      creator: members?.[0] ?? everybody[0] ?? '',
      members: members ?? everybody,
      isGeneral: one.name === 'general',
    });
  }
}
