// The words of incidents: severities, statuses, levels of impact, components, key times.
import { z } from 'zod';
import { shorten } from '../../core/message.js';

export const severities = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const;
export type Severity = (typeof severities)[number];

export const statuses = ['investigating', 'identified', 'monitoring', 'resolved', 'closed'] as const;
export type Status = (typeof statuses)[number];

export const levels = ['operational', 'degraded', 'partial_outage', 'major_outage', 'maintenance'] as const;
export type Level = (typeof levels)[number];

export const keyTimeNames = [
  'started',
  'detected',
  'declared',
  'acknowledged',
  'mitigated',
  'resolved',
] as const;
export type KeyTimeName = (typeof keyTimeNames)[number];

/** Until somebody says otherwise an incident is taken seriously. */
export const defaultSeverity: Severity = 'SEV2';

export interface Component {
  readonly service: string;
  readonly environment: string;
  readonly cluster: string;
}

/** `1`, `sev1`, `SEV-1`. */
export const severityWord = z
  .string({ error: 'Say the severity: SEV1 (worst) to SEV4.' })
  .transform((word) =>
    word
      .trim()
      .toUpperCase()
      .replace(/^(?:SEV)?[-_ ]?/, 'SEV'),
  )
  .pipe(z.enum(severities, { error: 'A severity is SEV1 (worst), SEV2, SEV3 or SEV4.' }));

/** `writes are stuck SEV1`: a severity at the end counts where none was said, with the flags around it. */
function withBareSeverity(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found = values.sev === undefined ? bareSeverity.exec(String(values.title ?? '')) : null;
  if (!found?.[1]) return { ...values };
  const flags: Record<string, true> = {};
  let title = found[1];
  for (;;) {
    const last = /^(.*\S)\s+(private|drill|anyway)$/is.exec(title);
    if (!last?.[1]) return { ...values, ...flags, title, sev: found[2] };
    flags[(last[2] ?? '').toLowerCase()] = true;
    title = last[1];
  }
}

/** What a declared line means beyond its usage: a severity at its end, and a word that may be a title's or a flag. */
export function fromDeclareLine(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = withBareSeverity(values);
  const slip = slipIn(String(read.title ?? ''));
  const meant = slip?.flags.some((flag) => read[flag] !== true);
  return slip && meant ? { ...read, slip } : read;
}

/** Words that make an incident a drill or private only at the end of a line, where a title has them elsewhere. */
export interface Slip {
  readonly flags: readonly ('drill' | 'private')[];
  /** The title without them. */
  readonly rest: string;
}

const leadingFlag = /^(drill|private)(?:\s*[:,–—-])?\s+(?=\S)/i;
const writtenFlag = /(?:^|\s)(drill|private)[:=](?:yes|true|on|1|y)(?=\s|$)/i;

function slipIn(title: string): Slip | null {
  const flags = new Set<'drill' | 'private'>();
  let rest = title.trim();
  for (;;) {
    const found = writtenFlag.exec(rest) ?? leadingFlag.exec(rest);
    if (!found) break;
    flags.add((found[1] ?? '').toLowerCase() as 'drill' | 'private');
    rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`.trim();
  }
  return flags.size === 0 ? null : { flags: [...flags], rest };
}

export const slipSchema = z.object({ flags: z.array(z.enum(['drill', 'private'])), rest: z.string() });

const bareSeverity = /^(.*\S)\s+(sev-?[1-4])$/is;

export const statusWord = z
  .string({ error: `Say the status: ${statuses.join(', ')}.` })
  .transform((word) => word.trim().toLowerCase())
  .pipe(
    z.enum(statuses, { error: `A status is ${statuses.slice(0, -1).join(', ')} or ${statuses.at(-1)}.` }),
  );

/** `major outage`, `major-outage`, `major_outage`. */
export const levelWord = z
  .string({ error: `Say how bad it is: ${levels.join(', ')}.` })
  .transform((word) =>
    word
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  )
  .pipe(z.enum(levels, { error: `A level is ${levels.slice(0, -1).join(', ')} or ${levels.at(-1)}.` }));

const part = /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,79}$/u;

/** `service[/environment[/cluster]]`. */
export const componentWord = z
  .string({ error: 'Say the component: service/environment/cluster, such as api/prod.' })
  .transform((word, context): Component => {
    // A blank around a name is no part of it: with it, it would be a place that no freeze knows.
    const parts = word.split('/').map((each) => each.trim());
    if (parts.length > 3 || !parts.every((each) => part.test(each))) {
      context.issues.push({
        code: 'custom',
        input: word,
        message: `“${shorten(word, 80)}” is no component. Write service/environment/cluster, such as api/prod or api/prod/eu-1; the last two may be left out.`,
      });
    }
    const [service = '', environment = '', cluster = ''] = parts;
    return { service, environment, cluster };
  });

export const componentSchema = z.object({
  service: z.string(),
  environment: z.string(),
  cluster: z.string(),
});

/** How a component is written. */
export function componentName(component: Component): string {
  return [component.service, component.environment, component.cluster]
    .filter((each) => each !== '')
    .join('/');
}

/** How a level is read aloud. */
export function levelName(level: string): string {
  return level.replace('_', ' ');
}

/** The level that a severity suggests where nobody has said one. */
export function levelFor(severity: Severity): Level {
  if (severity === 'SEV1') return 'major_outage';
  return severity === 'SEV2' ? 'partial_outage' : 'degraded';
}

export const personSchema = z.object({ id: z.string(), name: z.string() });

/** A time as written, as facts keep it. */
export const writtenTimeSchema = z.object({
  at: z.coerce.date().nullable(),
  until: z.coerce.date().nullable(),
  precision: z.enum(['exact', 'approximate', 'range', 'unknown']),
  asWritten: z.string(),
});

export function isOpen(status: string): boolean {
  return status !== 'resolved' && status !== 'closed';
}

/** The step that ends an incident: resolved, or closed without that. */
export function isEnd(from: string, to: string): boolean {
  return isOpen(from) && !isOpen(to);
}

/** `investigating → identified`; of a time before the present status, or of another time than said before, it is named alone. */
export function statusStep(it: { from: string; to: string; stays?: string | undefined }): string {
  if (it.stays) return `${it.to}; ${it.stays} came later and stays`;
  return it.from === it.to ? `${it.to}, at another time than said before` : `${it.from} → ${it.to}`;
}
