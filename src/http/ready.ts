// How Andon is: what /readyz tells beside yes or no, so that people and monitors see what it hangs on. Never a secret.
import { z } from 'zod';
import { instant } from '../core/entry.js';
import type { Tx } from '../db/tx.js';
import { slackEverySeconds } from '../features/heartbeat/index.js';

/** How late the canary may come back. */
const lateMs = 60_000;
const roundMaxMs = 60_000;

export const readyShape = z
  .object({
    ready: z
      .boolean()
      .meta({ description: 'Commands can be recorded: then 200, else 503. Nothing below decides it.' }),
    database: z.boolean().optional().meta({ description: 'It answers.' }),
    slack: z
      .object({
        connected: z.boolean().nullable().meta({ description: 'By Socket Mode; null over HTTP.' }),
        lastHeard: instant.nullable().meta({ description: 'Written down once a minute.' }),
      })
      .optional(),
    worker: z
      .object({
        works: z.boolean().meta({ description: 'It went round within a minute.' }),
        roundAt: instant.nullable(),
      })
      .optional(),
    canary: z
      .object({
        state: z.enum(['off', 'heard', 'silent']),
        sentAt: instant.nullable().meta({ description: 'When Slack took it last.' }),
        heardAt: instant.nullable(),
        problem: z
          .string()
          .nullable()
          .meta({ description: 'Why it could not be sent, such as a channel that is not there.' }),
      })
      .optional()
      .meta({ description: 'Whether Andon hears what it says in Slack; off without ANDON_CANARY_CHANNEL.' }),
    heartbeats: z.object({ missing: z.int(), watched: z.int() }).optional(),
    mail: z.enum(['off', 'on']).optional().meta({ description: 'Whether a mail server is set up.' }),
    paging: z
      .object({ ringing: z.int() })
      .optional()
      .meta({ description: 'Pages that nobody has answered.' }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = Omit<z.infer<typeof readyShape>, 'ready'>;

export interface ReadyParts {
  /** Of the workspace. */
  readonly read: Tx;
  readonly workspaceId: string;
  /** The record's clock. */
  readonly now: () => Date;
  /** The wire's, in milliseconds. */
  readonly wireNow: () => number;
  /** Null over HTTP. */
  connected(): boolean | null;
  /** By the wire's clock; null before the first. */
  roundAt(): number | null;
  /** Null without ANDON_CANARY_CHANNEL. */
  readonly canary: { problem(): string | null } | null;
  readonly mail: boolean;
}

/** How Andon is now. Where the database does not answer, what needs none. */
export async function readiness(parts: ReadyParts): Promise<Readiness> {
  const roundAt = parts.roundAt();
  const works = roundAt !== null && parts.wireNow() - roundAt <= roundMaxMs;
  const worker = { works, roundAt: roundAt === null ? null : new Date(roundAt).toISOString() };
  const mail = parts.mail ? 'on' : 'off';
  const connected = parts.connected();
  try {
    const known = await readKnown(parts);
    return { database: true, worker, mail, ...known, slack: { connected, lastHeard: known.slack.lastHeard } };
  } catch {
    return { database: false, worker, mail, slack: { connected, lastHeard: null } };
  }
}

async function readKnown({ read, workspaceId, now, canary }: ReadyParts) {
  const workspace = await read.workspace.findUnique({ where: { id: workspaceId } });
  const states = await read.heartbeat.groupBy({
    by: ['state'],
    where: { workspaceId },
    _count: { _all: true },
  });
  const count = (state: string | null) =>
    states
      .filter((each) => state === null || each.state === state)
      .reduce((sum, each) => sum + each._count._all, 0);
  const ringing = await read.page.count({ where: { workspaceId, state: 'ringing', drill: false } });
  const row = canary ? await read.canary.findUnique({ where: { workspaceId } }) : null;
  return {
    slack: { lastHeard: workspace?.heardAt?.toISOString() ?? null },
    canary: { ...canaryOf(canary !== null, row, now()), problem: canary?.problem() ?? null },
    heartbeats: { missing: count('missing'), watched: count(null) },
    paging: { ringing },
  };
}

interface CanaryTimes {
  readonly sentAt: Date | null;
  readonly heardAt: Date | null;
}

// Each one that is sent comes back at once, or something between Slack and Andon is stuck.
function canaryOf(on: boolean, row: CanaryTimes | null, now: Date) {
  const sentAt = row?.sentAt ?? null;
  const heardAt = row?.heardAt ?? null;
  const lately = heardAt !== null && now.getTime() - heardAt.getTime() < slackEverySeconds * 1000 + lateMs;
  const state = !on ? 'off' : lately ? 'heard' : 'silent';
  const shown = (at: Date | null) => (on ? (at?.toISOString() ?? null) : null);
  return { state, sentAt: shown(sentAt), heardAt: shown(heardAt) } as const;
}
