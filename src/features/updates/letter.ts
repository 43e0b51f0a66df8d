// Letters to those who want updates by mail: drawn when they leave, so that no words wait where a redaction misses them.
import { readFact } from '../../core/fact.js';
import { plainMessage } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { incidentKey } from '../incident/index.js';
import { copyOf } from './views.js';

export interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** The letter of what somebody is told; null where there is nothing to tell. Of a private incident it says only that. */
export async function letterOf(tx: Tx, about: string): Promise<Letter | null> {
  const [what = '', factId = ''] = about.split('/');
  const row = await tx.fact.findUnique({ where: { id: factId } });
  const fact = row && readFact(row);
  if (!fact?.incidentId) return null;
  const incident = await tx.incident.findUnique({ where: { id: fact.incidentId } });
  if (!incident || incident.drill) return null;
  const key = incidentKey(incident);
  const subject = `${key}: ${subjects[what] ?? 'an update'}`;
  if (incident.private)
    return {
      subject,
      text: `There is something new of ${key}. It is private, so it stands only in Slack.\n`,
    };
  const drawn = await copyOf(tx, about);
  if (!drawn) return null;
  const end = 'You get this because you asked for it in Slack; /incident unsubscribe ends it.';
  return { subject, text: `${plainMessage(drawn)}\n\n${end}\n` };
}

const subjects: Readonly<Record<string, string>> = {
  declared: 'an incident was declared',
  update: 'an update',
  resolved: 'it is resolved',
  reopened: 'it was reopened',
  merged: 'it goes on in another incident',
};
