// The message of a page that stays current: in the incident's place, or where incidents are announced.
import { type Fact, readFact } from '../../core/fact.js';
import type { View } from '../../core/feature.js';
import { buttons, line, type Message, message, type Part, type Span, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { personOf } from '../oncall/index.js';
import { callsNobody, isLast } from './due.js';
import { pageFailed, pageStuck, pageUnanswered } from './facts.js';
import { alsoFor, joinedOn } from './joined.js';
import { redactedPages } from './redacted.js';
import { pageButtons } from './replies.js';
import { attemptsOfPage } from './store.js';
import {
  calledText,
  holderText,
  levelsOf,
  type Page,
  type PageAttempt,
  pageKey,
  pathName,
  pathNames,
  targetText,
  wasSaid,
} from './words.js';

const reasonShown = 300;
const failuresShown = 4;

/** A page as it stands: who is called, what came to nothing, when the next ones are called, who has it. */
export const pageView: View = async (tx, id) => {
  const page = await tx.page.findUnique({ where: { id } });
  if (!page) return null;
  const all = await attemptsOfPage(tx, id);
  const gone = (await redactedPages(tx, [page])).has(id);
  const reason = gone ? ': redacted' : page.reason === '' ? '' : `: ${shorten(page.reason, reasonShown)}`;
  const also = alsoFor(await joinedOn(tx, id));
  return message(
    line({ bold: pageKey(page) }, ` calls ${targetText(page)}${reason}`),
    also !== null && line(`It is ${also}: whoever has it has those too.`),
    page.drill && line('A drill: nobody outside it is called.'),
    ...(page.state === 'ringing' ? await ringingParts(tx, page, all) : [line(...overSpans(page))]),
    page.state === 'ringing' && buttons(...pageButtons(page.number)),
  );
};

/** That nobody answered a round; null once somebody has, and where a later round says the same. */
export const unansweredView: View = async (tx, factId) => {
  const fact = await tx.fact.findUnique({ where: { id: factId } });
  if (!fact) return null;
  const { id, minutes, called, again } = pageUnanswered.read(readFact(fact)).data;
  const page = await tx.page.findUnique({ where: { id } });
  if (page?.state !== 'ringing') return null;
  if (await isSaidLater(tx, fact)) return null;
  const key = pageKey(page);
  const somebody = { code: '/incident page @somebody' };
  if (!called)
    return message(
      line(
        { bold: `${key} has nobody to call` },
        `, ${minutes} min after it was opened, at `,
        { at: fact.recordedAt },
        '. I look every minute whether somebody can be reached.',
        ...saidAgain(again),
      ),
      line('If you can, take it. To call somebody by name: ', somebody),
      buttons({ label: 'I have it', command: `/incident ack ${key}`, style: 'primary' }),
    );
  return message(
    line(
      { bold: `Nobody answers ${key}` },
      ` after ${minutes} min, at `,
      { at: fact.recordedAt },
      '. It begins anew with level 1.',
      ...saidAgain(again),
    ),
    line('If you can, take it, or call them yourself. Somebody else: ', somebody),
    buttons({ label: 'I have it', command: `/incident ack ${key}`, style: 'primary' }),
  );
};

async function isSaidLater(tx: Tx, fact: { readonly stream: string; readonly position: number }) {
  const where = { stream: fact.stream, type: pageUnanswered.type, position: { gt: fact.position } };
  const later = await tx.fact.findMany({ where });
  return later.some((each) => wasSaid(pageUnanswered.read(readFact(each)).data));
}

function saidAgain(at: Date | null): Span[] {
  return at ? [' I say it again at ', { at }, ' if nobody answers.'] : [];
}

/** That an attempt came to nothing, or is stuck on its way; null once nobody needs to be called any more. */
export const troubleView: View = async (tx, factId) => {
  const row = await tx.fact.findUnique({ where: { id: factId } });
  if (!row) return null;
  const fact = readFact(row);
  const { id } = fact.data as { id: string };
  const page = await tx.page.findUnique({ where: { id } });
  if (page?.state !== 'ringing') return null;
  return fact.type === pageStuck.type ? stuckWords(fact) : failedWords(fact);
};

function stuckWords(fact: Fact): Message {
  const { data } = pageStuck.read(fact);
  const text = ` is still on its way to ${data.to.name} by ${pathNames[data.path]} after ${data.minutes} min. Do not count on it.`;
  return message(line({ bold: pageKey(data) }, text));
}

function failedWords(fact: Fact): Message {
  const { data } = pageFailed.read(fact);
  return message(
    line(
      { bold: pageKey(data) },
      ` did not reach ${data.to.name} by ${pathNames[data.path]}: ${data.error}.`,
    ),
    data.needed !== null && line(`What is missing: ${data.needed}.`),
    line('If nobody else takes it, call them yourself.'),
  );
}

async function ringingParts(tx: Tx, page: Page, all: readonly PageAttempt[]): Promise<Part[]> {
  const levels = levelsOf(page);
  const now = all.filter((each) => each.level === page.level && each.round === page.round);
  const round = page.round > 0 ? `, round ${page.round + 1}` : '';
  if (callsNobody(page, all))
    return [line(`Nobody can be reached${round}. I look again every minute whether somebody can be called.`)];
  const next: Span[] = page.nextAt
    ? [
        isLast({ ...page, levels })
          ? ` It ${page.drill ? 'would begin' : 'begins'} anew `
          : ` The next level ${page.drill ? 'would be' : 'is'} called `,
        { at: page.nextAt },
        '.',
      ]
    : [];
  const head = `Level ${page.level + 1}${levels.length > 1 ? ` of ${levels.length}` : ''}${round}: ${whomText(now)}.`;
  const failed = now
    .filter((each) => each.state === 'failed' || each.state === 'stuck')
    .slice(0, failuresShown);
  return [
    line(head, ...next),
    ...failed.map((each) => {
      const what = each.state === 'stuck' ? 'stuck on its way' : `failed: ${each.error ?? ''}`;
      return line(`${each.toName ?? each.address} by ${pathName(each.path)}: ${what}`);
    }),
    ...(await slackOnlyNow(tx, now)),
  ];
}

// Whom a drill only would call is not called.
function whomText(now: readonly PageAttempt[]): string {
  const tried = (simulated: boolean) =>
    now
      .filter((each) => (each.state === 'simulated') === simulated)
      .map((each) => ({ to: { name: each.toName ?? each.address }, path: each.path }));
  const [real, only] = [tried(false), tried(true)];
  const words = [
    ...(real.length > 0 ? [calledText(real)] : []),
    ...(only.length > 0 ? [`would call ${calledText(only)}`] : []),
  ];
  return words.join('; ') || 'nobody can be reached';
}

// Where Slack does not reach them, nothing does: whoever reads this can still call them.
async function slackOnlyNow(tx: Tx, now: readonly PageAttempt[]): Promise<Part[]> {
  const people = now.filter((each) => each.toId !== null);
  const other = new Set(people.filter((each) => each.path !== 'slack').map((each) => each.toId));
  const rung = people.filter((each) => each.state !== 'simulated' && !other.has(each.toId));
  const alone: PageAttempt[] = [];
  // Whose letter went to another's name has an address too.
  for (const each of rung) {
    const said = { id: each.toId, name: each.toName ?? '', mail: null };
    const { ways } = await personOf(tx, each.workspaceId, said);
    if (ways.every(({ path }) => path === 'slack')) alone.push(each);
  }
  const names = [...new Set(alone.map((each) => each.toName ?? ''))];
  return names.length > 0 ? [line(`By Slack only, no other way is known: ${names.join(', ')}.`)] : [];
}

function overSpans(page: Page): Span[] {
  if (page.state === 'withdrawn') return ['It was withdrawn.'];
  return [{ bold: holderText(page) }, ' has it since ', { at: page.answeredAt ?? page.openedAt }, '.'];
}
