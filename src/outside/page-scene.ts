// What a page has to say outside of Slack, from the rows as they are.

import { z } from 'zod';
import type { EffectKind } from '../core/effect.js';
import type { About, Stated } from '../core/fact.js';
import type { Tx } from '../db/tx.js';
import { levelSchema } from '../features/oncall/index.js';
import { pageDelivered, pageStream } from '../features/paging/index.js';

type PageEffect = Extract<EffectKind, { do: 'page' }>;

/** A page, the attempt, and of a private incident nothing but its number. */
export interface PageScene {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  /** In a few words; null where they may not leave Slack. */
  readonly words: string | null;
  readonly severity: string | null;
  readonly incident: { readonly number: number; readonly private: boolean } | null;
  readonly target: { readonly kind: string; readonly name: string };
  readonly cause: { readonly kind: string; readonly name: string | null };
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly answeredBy: string | null;
  readonly nextAt: Date | null;
  /** Whom the next level calls, by name; null: it begins anew. */
  readonly next: readonly string[] | null;
  readonly attempt: {
    readonly id: string;
    readonly level: number;
    readonly round: number;
    readonly to: { readonly id: string | null; readonly name: string };
    readonly address: string;
  };
}

/**
 * Reads it; null where there is nothing to send: it is gone, a drill's, or, for one that is to ring, over already.
 */
export async function sceneOf(tx: Tx, effect: PageEffect): Promise<PageScene | null> {
  const page = await tx.page.findUnique({ where: { id: effect.pageId } });
  const attempt = await tx.pageAttempt.findUnique({ where: { id: effect.attemptId } });
  if (!page || !attempt || page.drill || attempt.state === 'simulated') return null;
  if (effect.what === 'ring' && page.state !== 'ringing') return null;
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const hidden = incident?.private === true;
  const levels = z.array(levelSchema).parse(page.levels);
  return {
    ...{ id: page.id, number: page.number, state: page.state },
    words: hidden ? null : (incident?.title ?? page.reason),
    severity: hidden ? null : (incident?.severity ?? null),
    incident: incident ? { number: incident.number, private: incident.private } : null,
    target: { kind: page.targetKind, name: page.targetName },
    cause: { kind: page.cause, name: page.causeName },
    openedBy: page.openedByName,
    openedAt: page.openedAt,
    answeredBy: page.answeredByName,
    nextAt: page.nextAt,
    next: levels[attempt.level + 1]?.whom.map((each) => each.name) ?? null,
    attempt: {
      ...{ id: attempt.id, level: attempt.level, round: attempt.round, address: attempt.address },
      to: { id: attempt.toId, name: attempt.toName },
    },
  };
}

/** The fact that the path took it. */
export function deliveredOf(effect: PageEffect, scene: PageScene, incidentId: string | null): Stated {
  const about: About = { stream: pageStream(scene.id), ...(incidentId ? { incidentId } : {}) };
  const { id, number, attempt } = scene;
  return pageDelivered(
    { id, number, attemptId: attempt.id, path: effect.path, to: attempt.to, posted: null },
    about,
  );
}
