// The method contract in one place: token, scopes, required arguments, argument types.
import { Refusal, refuse, refuseArguments } from './errors.js';
import { type ArgType, METHODS, type MethodContract } from './methods.js';
import type { Json } from './types.js';
import { type ChannelKind, findChannel, type World } from './world.js';

const BAD_JSON: Readonly<Record<string, string>> = {
  blocks: 'invalid_blocks_format',
  metadata: 'invalid_metadata_format',
  attachments: 'invalid_attachments',
};

const KIND_PREFIX: Readonly<Record<ChannelKind, string>> = {
  channel: 'channels:',
  group: 'groups:',
  im: 'im:',
  mpim: 'mpim:',
};

export function checkToken(world: World, contract: MethodContract, token: string | undefined): void {
  if (contract.token === 'none') return;
  if (!token) refuse('not_authed');
  if (world.tokens.revoked.has(token)) refuse('token_revoked');
  if (token !== world.tokens.bot && token !== world.tokens.app) refuse('invalid_auth');
  const right = contract.token === 'app' ? world.tokens.app : world.tokens.bot;
  if (token !== right) refuse('not_allowed_token_type');
}

/** The kind of conversation a call is about, as far as its arguments tell. */
function kindsOf(world: World, method: string, args: Json): ChannelKind[] {
  if (method === 'conversations.create') return [args.is_private === true ? 'group' : 'channel'];
  if (method === 'conversations.list' || method === 'users.conversations') {
    const types = typeof args.types === 'string' && args.types !== '' ? args.types : 'public_channel';
    const known: Record<string, ChannelKind> = {
      public_channel: 'channel',
      private_channel: 'group',
      im: 'im',
      mpim: 'mpim',
    };
    return types.split(',').flatMap((one) => known[one.trim()] ?? []);
  }
  if (method === 'conversations.open') {
    if (typeof args.users !== 'string') return [];
    return [args.users.split(',').length > 1 ? 'mpim' : 'im'];
  }
  const id = args.channel ?? args.channel_id;
  const channel = typeof id === 'string' ? world.channels.get(id) : undefined;
  if (!channel) return [];
  // What the bot cannot see must stay channel_not_found, not turn into a hint about scopes.
  if (channel.kind !== 'channel' && !channel.members.includes(world.app.botUserId)) return [];
  return [channel.kind];
}

export function checkScopes(world: World, method: string, args: Json): void {
  const contract = METHODS[method];
  if (contract?.token !== 'bot' || contract.scopes.length === 0) return;
  const granted = world.app.scopes;
  const lacking = (scopes: readonly string[]): boolean => !scopes.some((scope) => granted.has(scope));
  if (lacking(contract.scopes)) missingScope(world, contract.scopes);
  for (const kind of kindsOf(world, method, args)) {
    const fitting = contract.scopes.filter((scope) => scope.startsWith(KIND_PREFIX[kind]));
    if (fitting.length > 0 && lacking(fitting)) missingScope(world, fitting);
  }
}

function missingScope(world: World, needed: readonly string[]): never {
  throw new Refusal('missing_scope', {
    needed: needed.join(','),
    provided: [...world.app.scopes].join(','),
  });
}

export function checkRequired(method: string, args: Json): void {
  const contract = METHODS[method];
  if (!contract) return;
  const absent = contract.required.filter((name) => args[name] === undefined || args[name] === '');
  for (const name of absent) {
    const own = contract.missing?.[name];
    if (own) refuse(own);
    if (contract.errors.includes('missing_argument')) refuse('missing_argument');
    // Topics and purposes may be emptied.
    if (args[name] === '' && (name === 'topic' || name === 'purpose')) continue;
    if (name === 'channel' && args[name] === '') refuse('channel_not_found');
    refuseArguments([`missing required field: ${name}`]);
  }
}

/** Arguments as the table types them: forms carry only strings, JSON carries values. */
export function decodeArgs(method: string, raw: Json): Json {
  const contract = METHODS[method];
  if (!contract) return raw;
  const args: Json = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || value === null) continue;
    const type = contract.args[name];
    args[name] = type ? decode(method, name, type, value) : value;
  }
  return args;
}

function decode(method: string, name: string, type: ArgType, value: unknown): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'object') {
        // users: ["U1","U2"] in JSON is taken as a comma list, as Slack takes it.
        if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
        return refuseArguments([`must provide a string [json-pointer:/${name}]`]);
      }
      return String(value);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' || value === '1' || value === 1;
    case 'integer': {
      if (value === '') return undefined;
      const number = Number(value);
      if (!Number.isFinite(number)) refuseArguments([`must provide a number [json-pointer:/${name}]`]);
      return number;
    }
    case 'list':
      if (Array.isArray(value)) return value;
      return typeof value === 'string' ? listFrom(value) : refuse('invalid_array_arg');
    case 'json':
      return decodeJson(method, name, value);
  }
}

function listFrom(value: string): unknown[] {
  if (!value.startsWith('[')) return value.split(',').map((one) => one.trim());
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : refuse('invalid_array_arg');
  } catch {
    return refuse('invalid_array_arg');
  }
}

function decodeJson(method: string, name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    const own = BAD_JSON[name];
    if (own && METHODS[method]?.errors.includes(own)) return refuse(own);
    return refuseArguments([`must be valid JSON [json-pointer:/${name}]`]);
  }
}

export function channelNamed(world: World, args: Json): string {
  const id = args.channel ?? args.channel_id;
  if (typeof id !== 'string') return '';
  return findChannel(world, id)?.id ?? id;
}
