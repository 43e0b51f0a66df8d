// Faults on switches: what lies in the app's way, and how the page lays and lifts it.
import { z } from 'zod';
import { faultControls } from '../faults.js';
import { METHODS } from '../methods.js';
import type { FaultAct } from './contract.js';
import type { Hub } from './hub.js';

const COUNT_MAX = 10_000;
const DELAY_MS_MAX = 600_000;

const shape = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('lay'),
    kind: z.enum(['refuse', 'rateLimit', 'status', 'drop', 'delay']),
    method: z.string().refine((name) => name === '*' || Object.hasOwn(METHODS, name), {
      error: 'must be a method of the Web API, or * for all',
    }),
    detail: z.string().max(100),
    times: z.number().int().min(1).max(COUNT_MAX).nullable(),
  }),
  z.object({ do: z.literal('lift'), id: z.number() }),
  z.object({ do: z.literal('clear') }),
  z.object({ do: z.enum(['down', 'up']) }),
  z.object({ do: z.literal('twice'), on: z.boolean() }),
  z.object({ do: z.literal('scope'), name: z.string(), granted: z.boolean() }),
]);

/** Does what a switch says; a sentence when it makes no sense. */
export function actOnFaults(hub: Hub, given: unknown): string | undefined {
  const parsed = shape.safeParse(given);
  if (!parsed.success) return sentenceOf(parsed.error);
  const act: FaultAct = parsed.data;
  const controls = faultControls(hub.wire.faults);
  switch (act.do) {
    case 'lay':
      return lay(hub, act);
    case 'lift':
      controls.lift(act.id);
      return undefined;
    case 'clear':
      clearLaid(hub);
      return undefined;
    case 'down':
    case 'up':
      controls[act.do]();
      return undefined;
    case 'twice':
      controls.deliverTwice(act.on);
      return undefined;
    case 'scope':
      return setScope(hub, act.name, act.granted);
  }
}

export function sentenceOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'What was sent'}: ${issue?.message ?? 'is wrong'}`;
}

function lay(hub: Hub, act: Extract<FaultAct, { do: 'lay' }>): string | undefined {
  const controls = faultControls(hub.wire.faults);
  const times = act.times === null ? {} : { times: act.times };
  const number = Number(act.detail);
  const whole = (from: number, to: number): boolean =>
    act.detail.trim() !== '' && Number.isInteger(number) && number >= from && number <= to;
  switch (act.kind) {
    case 'refuse':
      if (!/^[a-z_]+$/.test(act.detail)) return 'detail: must be an error of Slack, such as not_in_channel';
      controls.refuse(act.method, act.detail, times);
      return undefined;
    case 'rateLimit':
      if (!whole(1, 3600)) return 'detail: must be the seconds of Retry-After, 1 to 3600';
      controls.rateLimit(act.method, { ...times, retryAfter: number });
      return undefined;
    case 'status':
      if (!whole(400, 599)) return 'detail: must be an HTTP status, 400 to 599';
      controls.status(act.method, number, times);
      return undefined;
    case 'drop':
      if (act.detail !== 'before' && act.detail !== 'after')
        return 'detail: must be before or after, which is before or after the work is done';
      controls.drop(act.method, act.detail, times);
      return undefined;
    case 'delay':
      if (!whole(1, DELAY_MS_MAX)) return `detail: must be milliseconds, 1 to ${DELAY_MS_MAX}`;
      controls.delay(act.method, number, times);
      return undefined;
  }
}

/** Everything as it was, except what tests hooked in. */
function clearLaid(hub: Hub): void {
  const { faults, world } = hub.wire;
  faults.faults = [];
  faults.isDown = false;
  faults.twice = false;
  for (const scope of hub.scopes) world.app.scopes.add(scope);
  faults.onChange();
}

function setScope(hub: Hub, name: string, granted: boolean): string | undefined {
  if (!hub.scopes.includes(name)) return `name: the app was not installed with the scope ${name}`;
  const { scopes } = hub.wire.world.app;
  if (granted) scopes.add(name);
  else scopes.delete(name);
  hub.wire.faults.onChange();
  return undefined;
}
