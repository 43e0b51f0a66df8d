// "I have it", said in a pager's own app: whoever answers in PagerDuty or Opsgenie has answered.
import { z } from 'zod';
import { type Ask, accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { message, say } from '../../core/message.js';
import { oneLine, sameName } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { hasName } from '../oncall/index.js';
import { type AckPage, type AckTarget, ackPage, byMax, loadAck, locatePage } from './ack.js';
import { pageAcknowledged } from './facts.js';
import { pageStream } from './words.js';

const answeredInput = z.object({
  /** What the page is called there. */
  pageId: z.string(),
  /** The pager's name. */
  pager: z.string(),
  by: z.object({ name: z.string().transform(oneLine).nullable(), mail: z.string().nullable() }),
  /** When, as they say. */
  at: z.coerce.date().nullable(),
  /** What people call what it was said in. */
  through: z.string(),
});

interface AnsweredState {
  readonly one: AckPage | null;
  readonly by: { readonly id: string; readonly name: string };
  /** When somebody had it last: it may ring again since. */
  readonly answeredAt: Date | null;
}

/** A pager says that somebody answered there. It can only answer what it was called for. */
export const answerPager = defineCommand<z.infer<typeof answeredInput>, AckTarget, AnsweredState>({
  verb: internalVerb('answer by pager'),
  input: answeredInput,
  async locate(tx, { pageId, pager }, ask) {
    const called = await tx.pageAttempt.count({
      where: {
        ...{ pageId, workspaceId: ask.workspace.id, path: 'webhook', address: pager },
        state: { not: 'simulated' },
      },
    });
    const page = called > 0 ? await tx.page.findUnique({ where: { id: pageId } }) : null;
    return page ? locatePage(page) : { refused: { unknown: true, message: say('There is no such page.') } };
  },
  async load(tx, input, target, ask) {
    const by = await whoIs(tx, input.by, ask);
    const [one = null] = (await loadAck(tx, target, by.id)).pages;
    const last = await tx.fact.findFirst({
      where: { stream: pageStream(input.pageId), type: pageAcknowledged.type },
      orderBy: { position: 'desc' },
      select: { recordedAt: true },
    });
    return { one, by, answeredAt: last?.recordedAt ?? null };
  },
  decide({ one, by, answeredAt }, { at, pager, through }, ask) {
    if (!one) return refuse(say('There is no such page.'));
    // What was said before somebody had it, and comes late, does not speak for who was called since.
    if (at && answeredAt && at <= answeredAt) return accept([], message());
    const sane = at !== null && at >= one.page.openedAt && at <= ask.now;
    const when = sane
      ? { at: { at, until: null, precision: 'exact' as const, asWritten: at.toISOString() } }
      : {};
    return ackPage(one, { by, way: 'webhook', through, heardFrom: pager, ...when }, ask);
  },
});

// An outside name is somebody's of ours only where it can be nobody else's.
async function whoIs(
  tx: Tx,
  { name, mail }: { readonly name: string | null; readonly mail: string | null },
  ask: Ask,
): Promise<{ id: string; name: string }> {
  const workspaceId = ask.workspace.id;
  const people = await tx.person.findMany({ where: { workspaceId, isBot: false } });
  const contacts = await tx.contactPath.findMany({ where: { workspaceId } });
  const same = (address: string | null) => mail !== null && address !== null && sameName(address, mail);
  const byMail = [
    ...contacts.filter((each) => same(each.mail)).map((each) => each.userId),
    ...people.filter((each) => same(each.mail)).map((each) => each.id),
  ];
  const byName = people.filter((each) => name !== null && hasName(each, name)).map((each) => each.id);
  const [id, ...others] = new Set(byMail.length > 0 ? byMail : byName);
  const known = id !== undefined && others.length === 0 ? people.find((each) => each.id === id) : undefined;
  if (known) return { id: known.id, name: known.name };
  return { id: ask.actor.id, name: (name ?? '').slice(0, byMax) || 'Somebody' };
}
