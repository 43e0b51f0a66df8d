// What Slack's errors mean and what to do, each in a sentence for who builds or drills.
import { METHODS } from '../methods.js';
import type { Passage } from '../traffic.js';
import type { Json } from '../types.js';

type Meaning = string | ((passage: Passage) => string);

const MEANINGS: Readonly<Record<string, Meaning>> = {
  operation_timeout:
    'The app did not acknowledge within 3 seconds. Slack shows the person an error; acknowledge first, work later.',
  dispatch_failed:
    'The app could not be reached, or answered with an error. Look at its log; Slack shows the person an error.',
  not_connected: 'No app is connected, so this went nowhere. Start the app, or see why its socket closed.',
  connection_dropped:
    'The connection was cut before the answer. The app cannot know whether the work was done: look before repeating.',
  invalid_trigger_id:
    'This trigger was never handed out. Use the trigger_id of the request that is answered.',
  expired_trigger_id:
    'A trigger opens a modal for 3 seconds, and this one is older. Open the modal before any slow work.',
  exchanged_trigger_id: 'A trigger opens one modal, and this one was used before.',
  missing_scope: (passage) =>
    `The app lacks the scope ${words(passage, 'needed') || 'for this'}. Add it to the manifest and install the app again.`,
  not_allowed_token_type: 'This method wants the other kind of token: xoxb- for the bot, xapp- for the app.',
  invalid_auth: 'The token is none of this workspace. Copy it anew.',
  not_authed: 'No token came with the call.',
  token_revoked: 'The token was revoked: the app was uninstalled or its tokens were. Install it again.',
  token_expired: 'The token is too old. Install the app again.',
  account_inactive: 'The token belongs to an account or a workspace that was deactivated.',
  invalid_blocks: (passage) => `Slack cannot draw these blocks: ${complaints(passage)}`,
  invalid_blocks_format: 'The blocks are not a JSON array.',
  invalid_arguments: (passage) => `Slack does not accept an argument: ${complaints(passage)}`,
  missing_argument: 'An argument that this method needs did not come.',
  invalid_response_action:
    'The answer to a submitted modal must be empty, or name a response_action; errors must name its input blocks.',
  msg_blocks_too_long: 'The blocks hold more text than a message may. Make it shorter, or post a file.',
  msg_too_long: 'The text is longer than this method takes. Make it shorter, or post a file.',
  too_many_attachments: 'A message takes 100 attachments at most.',
  no_text: 'A message needs text, blocks or attachments, and this one has none.',
  name_taken: 'Another channel has this name, perhaps an archived one. Take another name.',
  ratelimited: (passage) =>
    `Too many calls. Slack wants the app to wait ${seconds(passage.retryAfter)} before it calls ${passage.name} again.`,
  not_in_channel: 'The app is not in this channel. It must join, or be invited.',
  channel_not_found: 'There is no such channel, or it is private and the app is not in it.',
  is_archived: 'The channel is archived: nothing can change in it.',
  is_inactive: 'The channel is archived: nothing can change in it.',
  already_in_channel: 'That person is in the channel already.',
  already_pinned: 'The message is pinned already.',
  already_reacted: 'The app put this reaction there already.',
  message_not_found: 'There is no such message, or it was deleted.',
  cant_update_message: 'An app may change only what it posted itself.',
  cant_delete_message: 'An app may delete only what it posted itself.',
  user_not_in_channel: 'That person is not in the channel, so nothing can be shown to them there.',
  user_not_found: 'There is no such person.',
  hash_conflict: 'The view was changed in the meantime. Read it again before changing it.',
  not_found: 'The view is not open any more.',
  push_limit_reached: 'Three modals can lie on each other, and there are three.',
  view_too_large: 'A view may have 250 kB, and this one has more.',
  used_url: 'A response URL may be used 5 times, and this one was.',
  expired_url: 'A response URL lives for 30 minutes, and this one is older.',
  invalid_url: 'This response URL was never handed out.',
  invalid_payload: 'What came to the response URL is not JSON.',
  restricted_action: 'The workspace does not let this app do that. An administrator can.',
  plan_upgrade_required: 'The workspace’s plan does not have this.',
  unknown_method: 'Slack has no method of this name.',
  not_imitated: 'Slack has this method; the local workspace knows it and does not imitate it.',
  method_not_supported_for_channel_type: 'This cannot be done in a channel of this kind.',
  internal_error: 'Slack failed inside. Try again a little later.',
  fatal_error: 'Slack failed inside, perhaps after doing the work. Look before repeating.',
  service_unavailable: 'Slack is not available. Try again a little later.',
  request_timeout: 'The call came in too slowly, or was cut off.',
};

/** What a refusal means; undefined where nothing was refused. */
export function meaningOf(passage: Passage): string | undefined {
  const { error } = passage;
  if (error === undefined) return undefined;
  const known = MEANINGS[error];
  if (known) return typeof known === 'string' ? known : known(passage);
  if (METHODS[passage.name]?.errors.includes(error))
    return `Slack lists ${error} among the errors of ${passage.name}.`;
  const status = /^http_(\d+)$/.exec(error)?.[1];
  return status ? `Slack answered with HTTP ${status}.` : undefined;
}

function words(passage: Passage, field: string): string {
  const answer = passage.answer as Json | undefined;
  return typeof answer?.[field] === 'string' ? answer[field].replaceAll(',', ' or ') : '';
}

function complaints(passage: Passage): string {
  const answer = passage.answer as
    | { errors?: unknown; response_metadata?: { messages?: unknown } }
    | undefined;
  const list = answer?.response_metadata?.messages ?? answer?.errors;
  const told = Array.isArray(list) ? list.map((one) => String(one).replace(/^\[ERROR\] /, '')) : [];
  return told.length > 0 ? told.join('; ') : 'it does not say which.';
}

function seconds(count: number | undefined): string {
  return count === undefined ? 'a while' : count === 1 ? '1 second' : `${count} seconds`;
}
