// Requests as anybody on the network might send them to Slack's door: rightly signed, wrongly, late, again.
import type { Json, WireRecord } from '../../src/sandbox/index.js';
import type { World } from './world.js';

export interface RawRequest {
  readonly body: string;
  readonly type: 'form' | 'json';
  readonly headers?: Record<string, string>;
}

const types = { form: 'application/x-www-form-urlencoded', json: 'application/json' };

/** Sends a body to the door, signed as Slack does unless `headers` say otherwise; the status and what was answered. */
export async function post(world: World, request: RawRequest): Promise<{ status: number; text: string }> {
  const response = await fetch(world.sandbox.requestUrl() ?? '', {
    method: 'POST',
    headers: { 'content-type': types[request.type], ...world.sandbox.sign(request.body), ...request.headers },
    body: request.body,
  });
  return { status: response.status, text: await response.text() };
}

/** A command's body. */
export function commandBody(world: World, text: string, over: Record<string, string> = {}): string {
  const ana = world.sandbox.person('ana');
  return new URLSearchParams({
    token: 'unused',
    team_id: world.sandbox.teamId,
    team_domain: 'sandbox',
    channel_id: world.sandbox.channel('general')?.id ?? '',
    channel_name: 'general',
    user_id: ana.id,
    user_name: ana.name,
    command: '/incident',
    text,
    api_app_id: world.sandbox.appId,
    is_enterprise_install: 'false',
    response_url: `${world.sandbox.url}/commands/none`,
    trigger_id: `1.2.${text.length}`,
    ...over,
  }).toString();
}

/** What Slack sent a while ago, byte for byte. */
export function again(record: WireRecord): RawRequest {
  const { payload } = record;
  if (record.kind === 'command')
    return { type: 'form', body: new URLSearchParams(payload as Record<string, string>).toString() };
  if (record.kind === 'interaction')
    return { type: 'form', body: `payload=${encodeURIComponent(JSON.stringify(payload))}` };
  return { type: 'json', body: JSON.stringify(payload) };
}

/** A mention of the app as an event. */
export function mentionEvent(world: World, text: string, over: Json = {}): string {
  return JSON.stringify({
    token: 'unused',
    team_id: world.sandbox.teamId,
    api_app_id: world.sandbox.appId,
    type: 'event_callback',
    event_id: 'Ev0TEST',
    event_time: 1,
    event: {
      type: 'app_mention',
      user: world.sandbox.person('ana').id,
      text: `<@${world.sandbox.botUserId}> ${text}`,
      ts: '1773138600.000100',
      channel: world.sandbox.channel('general')?.id,
      event_ts: '1773138600.000100',
    },
    ...over,
  });
}
