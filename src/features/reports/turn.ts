// What the program decides of reports in its turn: nobody answered yet, or what is shown was redacted.
import { z } from 'zod';
import { accept, defineCommand, internalVerb, refuse } from '../../core/command.js';
import { message, say } from '../../core/message.js';
import { environmentsOf } from '../catalog/index.js';
import { decideLook, type LookState } from './decide.js';
import { gatheringRedrawn } from './facts.js';
import { knownFor } from './rules.js';
import { gatheringsOf, knownIncidents, reportsIn } from './store.js';
import { type Gathering, gatheringStream, reportsStream } from './words.js';

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
    const { nameOf } = await environmentsOf(tx, workspaceId);
    const incidents = await knownIncidents(tx, workspaceId);
    const known = reports.map(({ service, environment, cluster }) =>
      service
        ? knownFor({ service, environment: environment ?? '', cluster: cluster ?? '' }, incidents, nameOf)
        : null,
    );
    // All of them, or nobody knows which are of something else.
    const one = known[0] ?? null;
    return { gathering, reports, known: known.every((each) => each?.id === one?.id) ? one : null };
  },
  decide: (state) => decideLook(state),
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
