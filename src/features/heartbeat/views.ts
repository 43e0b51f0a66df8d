// The message that says which heartbeats a page calls for, kept current; and what App Home says of them.
import type { Ask } from '../../core/command.js';
import type { View } from '../../core/feature.js';
import { buttons, line, list, message, type Part, type Span } from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { holderText, pageKey } from '../paging/index.js';
import { missingView, slotOf } from './react.js';
import type { HeartbeatRow } from './store.js';
import { rhythm, slackHeartbeat } from './words.js';

const shownMax = 15;
const homeMax = 8;
const calledMax = 8;

const drawMissing: View = async (tx, pageId, { id: workspaceId }) => {
  const rows = await tx.heartbeat.findMany({
    where: { workspaceId, pageId },
    orderBy: [{ since: 'asc' }, { name: 'asc' }],
  });
  const page = await tx.page.findFirst({ where: { workspaceId, id: pageId } });
  if (!page) return null;
  if (rows.length < 2 && !(await wasShown(tx, workspaceId, pageId))) return null;
  const missing = rows.filter((row) => row.state === 'missing');
  const inAll = await tx.heartbeat.count({ where: { workspaceId, state: 'missing' } });
  const back = rows.filter((row) => row.state !== 'missing');
  const key = pageKey(page);
  const ringing = page.state === 'ringing';
  return message(
    missing.length > 0
      ? line({
          bold: `${missing.length === 1 ? 'A heartbeat is' : `${missing.length} heartbeats are`} missing${inAll > missing.length ? `, ${inAll} in all` : ''}`,
        })
      : line({ bold: 'Nothing is missing any more' }, ` of what ${key} called for.`),
    list(await Promise.all(missing.slice(0, shownMax).map((row) => missingSpans(tx, row)))),
    missing.length > shownMax &&
      line(`And ${missing.length - shownMax} more: `, { code: '/incident heartbeats' }),
    back.length > 0 && line(`No longer missing: ${namesOf(back)}.`),
    line(await calledText(tx, page, key)),
    missing.length > 0 && ringing && buttons({ label: 'I have it', command: `/incident ack ${key}` }),
    missing.length > 0 &&
      line(...(ringing ? [{ code: `/incident ack ${key}` }, ' · '] : []), {
        code: `/incident pause ${missing[0]?.name} for:1h`,
      }),
  );
};

// Of a single one its page says all there is. What was shown is kept current, also when one is forgotten.
async function wasShown(tx: Tx, workspaceId: string, pageId: string): Promise<boolean> {
  return (await tx.posted.count({ where: { workspaceId, slot: slotOf(pageId) } })) > 0;
}

async function missingSpans(tx: Tx, row: HeartbeatRow): Promise<Span[]> {
  const where = { workspaceId_name: { workspaceId: row.workspaceId, name: row.name } };
  const beat = await tx.beat.findUnique({ where });
  const whose = row.service ? ` of ${row.service}` : row.team ? ` of the team ${row.team}` : '';
  const what = row.name === slackHeartbeat ? ', by which Andon hears Slack' : whose;
  return [
    { bold: row.name },
    `${what}: ${beat ? 'last heard ' : 'never heard'}`,
    ...(beat ? [{ at: beat.at }] : []),
    `, expected ${rhythm(row)}`,
  ];
}

async function calledText(
  tx: Tx,
  page: { id: string; state: string; answeredBy: string | null; answeredByName: string | null },
  key: string,
): Promise<string> {
  if (page.state === 'acknowledged') return `${holderText(page)} has ${key}.`;
  const attempts = await tx.pageAttempt.findMany({ where: { pageId: page.id }, select: { toName: true } });
  const names = [...new Set(attempts.map((each) => each.toName))];
  const shown = names.slice(0, calledMax).join(', ');
  if (page.state === 'withdrawn')
    return shown === '' ? `${key} is over.` : `${key} is over; it called ${shown}.`;
  if (shown !== '') return `${key} calls ${shown}, and goes on until somebody has it.`;
  return `${key} calls nobody: nobody is known who could be called. Whoever reads this: look, or call somebody.`;
}

function namesOf(rows: readonly HeartbeatRow[]): string {
  return fewNames(
    rows.map((row) => row.name),
    shownMax,
  );
}

/** What is missing, for everybody. */
export async function fireSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const workspaceId = ask.workspace.id;
  const rows = await tx.heartbeat.findMany({
    where: { workspaceId, state: 'missing' },
    orderBy: { since: 'asc' },
    take: homeMax + 1,
  });
  if (rows.length === 0) return [];
  return [
    line({ bold: 'Heartbeats are missing' }, '. ', { code: '/incident heartbeats' }),
    list(rows.slice(0, homeMax).map((row) => [`${row.name}, since `, { at: row.since }])),
  ];
}

export const views: Readonly<Record<string, View>> = { [missingView]: drawMissing };
