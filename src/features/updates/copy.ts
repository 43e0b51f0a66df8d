// What the copies for people outside share: their subject, and the line that names the incident.
import { line, type Message, message, type Part, shorten } from '../../core/message.js';
import { type Incident, incidentKey } from '../incident/index.js';

export const titleMax = 150;

/** What somebody outside is told, and what it is in a few words: both of what is so when it is drawn. */
export interface Copy {
  readonly subject: string;
  readonly message: Message;
}

export function copy(subject: string, ...parts: (Part | null)[]): Copy {
  return { subject, message: message(...parts) };
}

/** Which incident it is, and where it stands. */
export function heading(incident: Incident): Part {
  const { severity, status } = incident;
  return line(
    { bold: incidentKey(incident) },
    ` ${shorten(incident.title, titleMax)} · ${severity} · ${status}`,
  );
}
