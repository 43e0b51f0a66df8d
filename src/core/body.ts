// What the bodies and queries of requests share: a time, a short text, and what Slack calls a person.
import { z } from 'zod';
import { cleanText } from './text.js';

const nameMax = 300;

/** A name that Slack gives a person, as programs may send it. */
export const slackPerson = /^[UW][A-Z0-9]{2,20}$/;

/** A time in a body or a query. */
export function timeOf(name: string) {
  const error = `${name} is a time as RFC 3339 has it, with its offset, such as 2026-03-10T18:00:00Z or 2026-03-10T19:00:00+01:00.`;
  return z.iso.datetime({ offset: true, error }).meta({ example: '2026-03-10T18:00:00Z' });
}

/** A text of one line or a few, without what no database keeps. */
export function shortText(name: string, limit = nameMax) {
  return z
    .string({ error: `${name} is a text.` })
    .transform(cleanText)
    .refine((text) => text !== '', { error: `${name} must not be empty; leave it out.` })
    .refine((text) => text.length <= limit, { error: `${name} has at most ${limit} characters.` });
}
