// The contract of the Web API methods: verb, rate, body, scopes, arguments, errors. The facts are in methods.json, from
// Slack's documentation data (2026-08, MIT), as it has them; what that data leaves unsaid is here.
import data from './methods.json' with { type: 'json' };

export type ArgType = 'string' | 'boolean' | 'integer' | 'list' | 'json';

export interface MethodContract {
  verb: 'GET' | 'POST';
  /** Calls a minute before HTTP 429. 600 stands for Slack's "special" tier. */
  perMinute: number;
  acceptsJson: boolean;
  token: 'bot' | 'app' | 'none';
  /** Any one of them is enough, as long as it fits the conversation's type. */
  scopes: readonly string[];
  required: readonly string[];
  /** The method's own error for a missing argument, where it is not `invalid_arguments`. */
  missing?: Readonly<Record<string, string>>;
  args: Readonly<Record<string, ArgType>>;
  errors: readonly string[];
}

/** A method as the documentation data has it. */
interface Documented {
  http: string;
  tier: string;
  json: boolean;
  scopes: string[];
  required: string[];
  /** null: the data names no type. */
  args: Record<string, string | null>;
  errors: string[];
}

/** Errors every method may answer with, whatever its own list says. */
export const COMMON_ERRORS: readonly string[] = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'not_allowed_token_type',
  'no_permission',
  'team_access_not_granted',
  'access_denied',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'org_login_required',
  'two_factor_setup_required',
  'accesslimited',
  'ratelimited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_array_arg',
  'invalid_charset',
  'invalid_form_data',
  'invalid_post_type',
  'missing_post_type',
  'invalid_json',
  'json_not_object',
  'method_deprecated',
  'deprecated_endpoint',
  'unknown_method',
];

const PER_MINUTE: Readonly<Record<string, number>> = { t1: 1, t2: 20, t3: 50, t4: 100, t5: 600 };

const TYPES: Readonly<Record<string, ArgType>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'integer',
  number: 'integer',
  array: 'list',
};

/** Arguments that hold structures, whatever type the data names for them. */
const STRUCTURES = new Set([
  'attachments',
  'blocks',
  'changes',
  'chunks',
  'criteria',
  'document_content',
  'files',
  'loading_messages',
  'metadata',
  'unfurls',
  'user_auth_blocks',
  'view',
]);

/** What the data leaves unsaid. */
const UNSAID: Readonly<Record<string, Partial<MethodContract>>> = {
  'api.test': { token: 'none' },
  'oauth.v2.access': { token: 'none' },
  'apps.connections.open': { token: 'app', scopes: ['connections:write'] },
  'bookmarks.add': { required: ['channel_id', 'title', 'type'] },
  'bookmarks.edit': { required: ['channel_id', 'bookmark_id'] },
  'bookmarks.list': { required: ['channel_id'] },
  'bookmarks.remove': { required: ['channel_id', 'bookmark_id'] },
  'conversations.create': { missing: { name: 'invalid_name_required' } },
  'conversations.invite': { missing: { users: 'no_user' } },
  'conversations.rename': { missing: { name: 'invalid_name_required' } },
  'files.getUploadURLExternal': { missing: { length: 'missing_argument', filename: 'missing_argument' } },
  'reactions.add': { missing: { timestamp: 'no_item_specified', name: 'invalid_name' } },
  'reactions.remove': { missing: { name: 'invalid_name' } },
  'users.lookupByEmail': { missing: { email: 'users_not_found' } },
};

export const METHODS: Readonly<Record<string, MethodContract>> = Object.fromEntries(
  Object.entries(data as Record<string, Documented>).map(([name, one]) => [name, contractOf(name, one)]),
);

function contractOf(name: string, one: Documented): MethodContract {
  const args = Object.entries(one.args).map(([arg, type]): [string, ArgType] => [arg, typeOf(arg, type)]);
  return {
    verb: one.http === 'GET' ? 'GET' : 'POST',
    perMinute: PER_MINUTE[one.tier] ?? 1,
    acceptsJson: one.json,
    token: 'bot',
    scopes: one.scopes,
    required: one.required,
    args: Object.fromEntries(args),
    errors: one.errors,
    ...UNSAID[name],
  };
}

function typeOf(arg: string, type: string | null): ArgType {
  if (STRUCTURES.has(arg)) return 'json';
  return TYPES[type ?? 'string'] ?? 'string';
}
