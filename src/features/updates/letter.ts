// Letters to those who want updates by mail: drawn when they leave, so that no words wait where a redaction misses them.
import { createHash } from 'node:crypto';
import { readFact } from '../../core/fact.js';
import { plainMessage } from '../../core/message.js';
import { showBoth } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { drawnOf } from './views.js';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  /** The same for letters that say the same. */
  readonly drawn: string;
}

/** The letter of what somebody is told, times in this zone and UTC; null where there is nothing to tell. Of a private incident it says only that. */
export async function letterOf(tx: Tx, about: string, zone: string): Promise<Letter | null> {
  const [, factId = ''] = about.split('/');
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const fact = row && readFact(row);
  if (!fact?.incidentId) return null;
  const incident = await tx.incident.findUnique({ where: { id: fact.incidentId } });
  if (!incident || incident.drill) return null;
  const key = incidentKey(incident);
  const drawn = await drawnOf(tx, about);
  if (!drawn) return null;
  const subject = `${key}: ${drawn.subject}`;
  if (incident.private)
    return {
      subject,
      // All of them read the same, and yet something new is told by each.
      drawn: digest(about, subject),
      text: `There is something new of ${key}. It is private, so it stands only in Slack.\n`,
    };
  const end = 'You get this because you asked for it in Slack; /incident unsubscribe ends it.';
  const text = plainMessage(drawn.message, (at) => showBoth(at, zone));
  return { subject, drawn: digest(subject, text), text: `${text}\n\n${end}\n` };
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
