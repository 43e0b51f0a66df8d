// What another Slack workspace sends is acknowledged and answered to the sender, and nothing of it is looked at.
import type { AnyMiddlewareArgs } from '@slack/bolt';
import type { DoorParts } from './request.js';

const text =
  'This Andon belongs to another Slack workspace, so nothing was done. Use it there, or ask an admin to install an Andon of this workspace’s own.';

/** Says whose Andon this is: in the acknowledgement where it may hold words, else by response_url. */
export async function sendAway(parts: DoorParts, args: AnyMiddlewareArgs): Promise<void> {
  parts.log.info({}, 'request of another team');
  if ('command' in args) return args.ack({ response_type: 'ephemeral', text });
  if (!('ack' in args) || typeof args.ack !== 'function') return;
  const { body } = args;
  if ('view' in args && body.type === 'view_submission') {
    const [field] = args.view.blocks.flatMap((each) => each.block_id ?? []);
    const acknowledge = args.ack as (answer?: unknown) => Promise<void>;
    return acknowledge(field ? { response_action: 'errors', errors: { [field]: text } } : undefined);
  }
  await (args.ack as () => Promise<void>)();
  const url = 'response_url' in body ? body.response_url : null;
  if (typeof url !== 'string') return;
  await parts.api.respond(url, { text }).catch((error: unknown) => {
    parts.log.warn({ err: error }, 'another team not told');
  });
}
