// The words of reports: how one is named, how long they are gathered, and what is known of those that were.
import { z } from 'zod';
import { shorten } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import type { Prisma } from '../../db/tx.js';
import { personSchema } from '../incident/index.js';

export type Report = Prisma.ReportGetPayload<object>;

/** One stream takes in all reports, so that of two at once the second one sees the first. */
export const reportsStream = 'reports';
/** What was gathered, who was asked what it is, and the answer. */
export const gatheringStream = (id: string) => `gathering/${id}`;

/** Reports about anything that lie no further apart may be one trouble. */
export const windowMinutes = 15;
/** About one service, or services that share a cluster, each may come so long after the one before it. */
export const chainMinutes = 60;
/** What stands alone for so long is shown to whoever is on call for its service. */
export const aloneMinutes = 30;
const oldMs = 24 * 60 * 60_000;
/** With no answer it is asked again, and after as long once more somebody is paged. */
export const againMinutes = 10;
/** What a report may say. */
export const reportTextMax = 2_000;

/** Whether it was seen so long before it was reported that it is kept, and counted with nothing that is reported now. */
export function isOldAt(at: Date, reportedAt: Date): boolean {
  return reportedAt.getTime() - at.getTime() > oldMs;
}

/** The most of the name of somebody who complained elsewhere. */
export const reporterMax = 120;
const elsewhere = 'reporter:';

/** The id of somebody who complained elsewhere: customers have none of ours; one of the same name at the same desk is the same. */
export function reporterId(desk: string, reporter: string): string {
  return `${elsewhere}${desk}/${reporter.toLowerCase()}`;
}

/** Who made a report that was redacted: whoever complained elsewhere may be called by a customer's name. */
export function withoutReporter<P extends { readonly id: string }>(
  by: P,
  report: { readonly number: number },
) {
  if (!by.id.startsWith(elsewhere)) return by;
  return { ...by, id: `${elsewhere}redacted/${report.number}`, name: 'redacted' };
}

/** Who made a report, as people read it: a name that came from elsewhere is marked, so that it is taken for nobody in Slack. */
export function reporterText({ id, name }: { readonly id: string; readonly name: string }): string {
  if (!id.startsWith(elsewhere)) return name;
  const words = oneLine(name).replace(/[“”"]/g, "'");
  return `“${shorten(words, reporterMax)}” (over HTTP)`;
}

/** How a report is named. */
export function reportKey(report: { readonly number: number }): string {
  return `REP-${report.number}`;
}

/** The number in a report’s name; null where it is none. */
export function readReportKey(key: string): number | null {
  const found = /^REP-(\d{1,9})$/.exec(key);
  return found ? Number(found[1]) : null;
}

/** `REP-3`, `rep3` or `3`. */
export const reportWord = z
  .string({ error: 'Name the report, such as REP-3.' })
  .regex(/^(?:rep-?|#)?\d{1,9}$/i, { error: 'A report is named by its number, such as REP-3.' })
  .transform((word) => Number(word.replace(/\D+/, '')));

/** Why reports were gathered; `alone`: it is one that nobody took up. */
export const reasons = ['service', 'cluster', 'people', 'alone'] as const;
export type Why = (typeof reasons)[number];

/** Who is asked whether reports are one incident: people, else a channel; neither: where incidents are announced. */
export const askedSchema = z.object({ people: z.array(personSchema), channel: z.string().nullable() });
export type Asked = z.infer<typeof askedSchema>;

/** Whom it is, in words; `nobody` where it is read by whoever reads where incidents are announced. */
export function askedText({ people, channel }: Asked, nobody: string): string {
  const names = people.map((each) => each.name);
  if (names.length === 0) return channel ? 'support' : nobody;
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and others` : names.join(', ');
}

/** How somebody answered: it is a new incident, it is one that is known, or it is none. */
export const answers = ['declared', 'belongs', 'dismissed'] as const;
export type GatheringAnswer = (typeof answers)[number];

/** Reports that were gathered, as their facts say. */
export interface Gathering {
  readonly id: string;
  /** Its first report names it. */
  readonly number: number;
  readonly why: Why;
  readonly service: string | null;
  readonly cluster: string | null;
  readonly asked: Asked;
  /** How often it was asked. */
  readonly round: number;
  /** When it was asked last. */
  readonly askedAt: Date;
  readonly paged: boolean;
  readonly answer: {
    readonly how: GatheringAnswer;
    readonly by: string;
    /** Null where it is private. */
    readonly incident: number | null;
  } | null;
}

/** What a page for it is called by. */
export const pageCause = (gathering: { readonly number: number }) =>
  ({ kind: 'report', name: reportKey(gathering) }) as const;
