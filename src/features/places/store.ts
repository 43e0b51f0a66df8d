// Where things are in Slack: rows made from what Slack answered.
import { on, readFact } from '../../core/fact.js';
import type { Projection } from '../../core/feature.js';
import type { Tx } from '../../db/tx.js';
import { idOf, placeStream } from '../incident/index.js';
import { entryRedacted } from '../timeline/index.js';
import * as facts from './facts.js';

export const projections: Projection[] = [
  on(facts.placeOpened, async (fact, tx: Tx) => {
    const { incidentId, kind, channelId, channelName, threadTs } = fact.data;
    await tx.incident.updateMany({
      where: { id: incidentId },
      data: { placeKind: kind, channelId, channelName, threadTs },
    });
  }),
  on(entryRedacted, async (fact, tx: Tx) => {
    if (!fact.data.title) return;
    const id = idOf(fact);
    // Already renamed where this is made again.
    const renamed = await tx.fact.findFirst({
      where: { workspaceId: fact.workspaceId, stream: placeStream(id), type: facts.channelRenamed.type },
      orderBy: { version: 'desc' },
    });
    const channelName = renamed ? facts.channelRenamed.read(readFact(renamed)).data.channelName : null;
    await tx.incident.updateMany({ where: { id }, data: { channelName } });
  }),
  on(facts.channelRenamed, async (fact, tx: Tx) => {
    const { incidentId, channelName } = fact.data;
    await tx.incident.updateMany({ where: { id: incidentId }, data: { channelName } });
  }),
  on(facts.messagePosted, async (fact, tx: Tx) => {
    const { incidentId, slot, channelId, ts } = fact.data;
    await tx.posted.upsert({
      where: { workspaceId_slot: { workspaceId: fact.workspaceId, slot } },
      create: { id: fact.id, workspaceId: fact.workspaceId, incidentId, slot, channelId, ts },
      update: { channelId, ts },
    });
  }),
  on(facts.fileUploaded, async (fact, tx: Tx) => {
    const { incidentId, fileId, format, channelId } = fact.data;
    await tx.uploadedFile.create({
      data: {
        id: fact.id,
        workspaceId: fact.workspaceId,
        incidentId,
        fileId,
        format,
        channelId,
        at: fact.recordedAt,
      },
    });
  }),
  on(facts.fileRemoved, async (fact, tx: Tx) => {
    await tx.uploadedFile.updateMany({ where: { fileId: fact.data.fileId }, data: { removed: true } });
  }),
  on(facts.effectGivenUp, async (fact, tx: Tx) => {
    const { incidentId, effect, method, error, needed } = fact.data;
    await tx.shortfall.upsert({
      where: { incidentId_effect_error: { incidentId, effect, error } },
      create: { id: fact.id, workspaceId: fact.workspaceId, incidentId, effect, method, error, needed },
      update: {},
    });
  }),
];
