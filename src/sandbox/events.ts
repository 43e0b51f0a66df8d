// Which events the app hears of, how they are wrapped, and how they are retried.
import { deliver, deliverOnce, type Parcel, type Wire } from './delivery.js';
import type { Json } from './types.js';
import { eventTs, type Happening, nextId, type World } from './world.js';

/** Scopes without which an app does not hear an event, where Slack names one. */
const EVENT_SCOPES: Readonly<Record<string, readonly string[]>> = {
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
  app_mention: ['app_mentions:read'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  pin_added: ['pins:read'],
  pin_removed: ['pins:read'],
  member_joined_channel: ['channels:read', 'groups:read', 'mpim:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  channel_created: ['channels:read'],
  channel_archive: ['channels:read'],
  channel_unarchive: ['channels:read'],
  channel_rename: ['channels:read'],
  group_archive: ['groups:read'],
  group_unarchive: ['groups:read'],
  group_rename: ['groups:read'],
  file_shared: ['files:read'],
  user_change: ['users:read'],
  subteam_members_changed: ['usergroups:read'],
};

function hears(world: World, happening: Happening): boolean {
  const { events, scopes, botUserId } = world.app;
  if (events && !events.includes(happening.subscription)) return false;
  const needed = EVENT_SCOPES[happening.subscription];
  if (needed && !needed.some((scope) => scopes.has(scope))) return false;
  if (!happening.channel) return true;
  return world.channels.get(happening.channel)?.members.includes(botUserId) ?? false;
}

/** Wraps what happened as an event and delivers it, if the app hears of it at all. */
export function happen(wire: Wire, happening: Happening): void {
  const { world } = wire;
  if (wire.closed || !hears(world, happening)) return;
  const body: Json = {
    token: world.tokens.verification,
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.app.id,
    // The state goes on changing; what is sent is what was true now.
    event: structuredClone(happening.event),
    type: 'event_callback',
    event_id: nextId(world, 'Ev'),
    event_time: Math.floor(Number(happening.event.event_ts ?? eventTs(world))),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${happening.type}-${world.team.id}-${happening.channel ?? world.app.id}`,
  };
  void tryEvent(wire, { kind: 'event', name: happening.type, payload: body });
}

async function tryEvent(wire: Wire, parcel: Parcel): Promise<void> {
  const ack = await deliver(wire, parcel);
  if (ack.ok || ack.noRetry || ack.dropped || wire.closed) return;
  const retryNum = (parcel.retryNum ?? 0) + 1;
  const wait = wire.retryMs[retryNum - 1];
  if (wait === undefined) return;
  // A retry that is due soon counts as under way, one in a minute does not hold settle() up.
  const soon = wait <= 1000;
  if (soon) wire.busy += 1;
  const timer = setTimeout(() => {
    wire.timers.delete(timer);
    if (soon) wire.busy -= 1;
    if (!wire.closed)
      void tryEvent(wire, { ...parcel, retryNum, retryReason: ack.retryReason ?? 'unknown_error' });
  }, wait);
  timer.unref();
  wire.timers.add(timer);
}

export async function verifyUrl(wire: Wire): Promise<boolean> {
  const challenge = nextId(wire.world, 'ch');
  const payload = { token: wire.world.tokens.verification, challenge, type: 'url_verification' };
  const ack = await deliverOnce(wire, { kind: 'verification', name: 'url_verification', payload });
  const { body } = ack;
  if (!ack.ok) return false;
  return body === challenge || (body as Json | undefined)?.challenge === challenge;
}
