// Alerts for tests: what a monitor says of one.
import type { Actor } from '../../../src/core/fact.js';
import { type Heard, recordAlerts } from '../../../src/features/alerts/index.js';
import type { Desk } from '../../helpers/desk.js';

export const monitor: Actor = { kind: 'pipeline', id: 'hook:1', name: 'alertmanager-api', zone: 'UTC' };

/** An alert that fires, unless told otherwise. */
export function heard(over: Partial<Heard> = {}): Heard {
  return {
    ...{
      fingerprint: 'f1',
      status: 'firing',
      title: '5xx above 5 %',
      description: null,
      severity: 'warning',
    },
    ...{ service: 'api', environment: 'prod', cluster: '', groupKey: null, url: null },
    ...{ startsAt: null, endsAt: null },
    ...over,
  };
}

/** The monitor sends these at once. */
export async function deliver(
  desk: Desk,
  alerts: readonly Heard[],
  over: { title?: string; truncated?: number } = {},
): Promise<string> {
  const delivered = {
    source: '',
    title: over.title ?? null,
    truncated: over.truncated ?? 0,
    alerts: [...alerts],
  };
  const ask = desk.ask('ana', { actor: monitor, source: 'pipeline' });
  const outcome = await desk.execute(recordAlerts.given(delivered), ask);
  if (!outcome.accepted) throw new Error(outcome.refusal.message.text);
  return outcome.reply.text;
}

export const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);
