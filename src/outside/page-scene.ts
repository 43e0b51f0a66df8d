// What a page has to say outside of Slack, from the rows as they are.
import { z } from 'zod';
import type { EffectKind } from '../core/effect.js';
import type { Stated } from '../core/fact.js';
import type { Tx } from '../db/tx.js';
import { levelSchema } from '../features/oncall/index.js';
import { delivered, isRinging, readCall } from '../features/paging/index.js';
import { linesCalledFor } from '../features/reports/index.js';
import type { Outside } from './context.js';
import { isOfThisMachine } from './http.js';

/** Where whoever was reached says that they have it; null where the public address leads to nobody but this machine. */
export function linkFor(context: Pick<Outside, 'links' | 'publicUrl'>, attemptId: string): string | null {
  return isOfThisMachine(context.publicUrl) ? null : context.links.to(attemptId);
}

type PageEffect = Extract<EffectKind, { do: 'page' }>;

/** A page, the attempt, and of a private incident nothing but its number. */
export interface PageScene {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  /** The title of the incident, else why somebody is called; null where it may not leave Slack. */
  readonly words: string | null;
  /** Why somebody is called, beside the title. */
  readonly reason: string | null;
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
  /** What people said of it, a line each, where reports were gathered. */
  readonly listed: readonly string[];
  readonly attempt: {
    readonly id: string;
    readonly level: number;
    readonly round: number;
    readonly to: { readonly id: string | null; readonly name: string };
    readonly address: string;
  };
}

/** A page that is to be sent, and the facts that say that it was taken. */
export interface Sendable {
  readonly scene: PageScene;
  readonly taken: readonly Stated[];
}

/**
 * Reads it; null where there is nothing to send: it is gone, a drill's, or, for one that is to ring, over already.
 */
export async function sceneOf(tx: Tx, effect: PageEffect): Promise<Sendable | null> {
  const call = await readCall(tx, effect.attemptId);
  if (!call || call.page.drill || call.attempt.state === 'simulated') return null;
  // Over only for the moment, it rings again by an attempt of its own.
  if ((effect.what === 'ring') !== isRinging(call)) return null;
  const { page, attempt } = call;
  const incident = page.incidentId ? await tx.incident.findUnique({ where: { id: page.incidentId } }) : null;
  const hidden = incident?.private === true;
  const shown = hidden ? null : (call.incident?.shown ?? null);
  const reason = hidden ? null : call.reason;
  const levels = z.array(levelSchema).parse(page.levels);
  const scene: PageScene = {
    ...{ id: page.id, number: page.number, state: page.state },
    words: hidden ? null : (shown?.title ?? reason ?? 'you are called'),
    reason: shown ? reason : null,
    severity: shown?.severity ?? null,
    incident: incident ? { number: incident.number, private: incident.private } : null,
    target: { kind: page.targetKind, name: page.targetName },
    cause: { kind: page.cause, name: page.causeName },
    openedBy: page.openedByName,
    openedAt: page.openedAt,
    answeredBy: page.answeredByName,
    nextAt: page.nextAt,
    listed:
      hidden || page.cause !== 'report' ? [] : await linesCalledFor(tx, page.workspaceId, page.causeName),
    next: levels[attempt.level + 1]?.whom.map((each) => each.name) ?? null,
    attempt: {
      ...{ id: attempt.id, level: attempt.level, round: attempt.round, address: attempt.address },
      to: { id: attempt.toId, name: attempt.toName ?? attempt.address },
    },
  };
  return { scene, taken: delivered(call, null) };
}
