// What the program decides of reports in its turn: nobody answered yet, or what is shown was redacted.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { message, say } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { type AloneState, decideAlone, decideLook, type LookState } from './decide.js';
import { gatheringRedrawn } from './facts.js';
import { complaintsOf, recentReports } from './recent.js';
import { alongside, knownFor } from './rules.js';
import { gatheringsOf, knownIncidents, reportsIn, whomToAsk } from './store.js';
import { type Gathering, gatheringStream, type Report, reportsStream } from './words.js';

export const lookInput = z.object({ id: z.string() });

/** Whether nobody has said yet what gathered reports are. */
export const look = defineCommand<z.infer<typeof lookInput>, null, LookState>({
  verb: internalVerb('reports look'),
  input: lookInput,
  locate: async (_tx, { id }) => ({ streams: [reportsStream, gatheringStream(id)], target: null }),
  async load(tx, { id }, _target, ask) {
    const workspaceId = ask.workspace.id;
    const [gathering = null] = await gatheringsOf(tx, workspaceId, [id]);
    const reports = await reportsIn(tx, workspaceId, id);
    const known = await knownOf(tx, workspaceId, reports);
    // All of them, or nobody knows which are of something else.
    const one = known[0] ?? null;
    return { gathering, reports, known: known.every((each) => each?.id === one?.id) ? one : null };
  },
  decide: (state) => decideLook(state),
});

/** The open incident of each of them that names a service; the others may be of anything. */
async function knownOf(tx: Tx, workspaceId: string, reports: readonly Report[]) {
  const { nameOf } = await environmentsOf(tx, workspaceId);
  const incidents = await knownIncidents(tx, workspaceId);
  return reports.flatMap(({ service, environment, cluster }) =>
    service
      ? [knownFor({ service, environment: environment ?? '', cluster: cluster ?? '' }, incidents, nameOf)]
      : [],
  );
}

export const aloneInput = z.object({ number: z.int() });

/** Whether nobody has taken up a report. */
export const alone = defineCommand<z.infer<typeof aloneInput>, { id: string }, AloneState>({
  verb: internalVerb('reports alone'),
  input: aloneInput,
  async locate(_tx, _input, ask) {
    const id = ask.newId();
    return { streams: [reportsStream, gatheringStream(id)], target: { id } };
  },
  async load(tx, { number }, { id }, ask) {
    const workspaceId = ask.workspace.id;
    const report = await tx.report.findUniqueOrThrow({
      where: { workspaceId_number: { workspaceId, number } },
    });
    const [known = null] = await knownOf(tx, workspaceId, [report]);
    const loose = (await recentReports(tx, workspaceId, ask.now)).filter((each) => each.gathering === null);
    const complaints = await complaintsOf(tx, workspaceId, loose);
    const mine = complaints.find((each) => each.number === number);
    const numbers = new Set((mine ? alongside(mine, complaints) : []).map((each) => each.number));
    const { service } = report;
    const inCatalogue =
      service !== null && (await tx.service.count({ where: { workspaceId, name: service } })) > 0;
    const keeper = inCatalogue ? await whomToAsk(tx, workspaceId, service, ask.now) : null;
    return { report, id, known, reports: loose.filter((each) => numbers.has(each.number)), keeper };
  },
  decide: (state) => decideAlone(state),
});

export const redrawInput = z.object({ factIds: z.array(z.string()) });

/** Messages that show what was redacted are drawn anew. */
export const redraw = defineCommand<z.infer<typeof redrawInput>, string[], readonly Gathering[]>({
  verb: internalVerb('reports redraw'),
  input: redrawInput,
  async locate(tx, { factIds }) {
    const rows = await tx.report.findMany({
      where: { id: { in: factIds }, gathering: { not: null } },
      select: { gathering: true },
    });
    const ids = [...new Set(rows.flatMap((each) => each.gathering ?? []))];
    return { streams: ids.map(gatheringStream), target: ids };
  },
  load: (tx, _input, ids, ask) => gatheringsOf(tx, ask.workspace.id, ids),
  decide(gatherings) {
    if (gatherings.length === 0) return refuse(say('Nothing shows it.'));
    return accept(
      gatherings.map(({ id, number, asked, round }) =>
        gatheringRedrawn({ id, number, asked: { ...asked }, round }, { stream: gatheringStream(id) }),
      ),
      message(),
    );
  },
});
