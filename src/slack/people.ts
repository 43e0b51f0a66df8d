// People as Slack knows them: names and time zones, kept for a day.
import { IANAZone } from 'luxon';
import { oneLine } from '../core/text.js';
import type { Wire } from '../core/wire.js';
import type { Database } from '../db/open.js';
import { type SlackApi, SlackRefused } from './api.js';

export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly zone: string | null;
}

const freshMs = 86_400_000;
/** A command waits this long for a name: the acknowledgement has three seconds. */
const patienceMs = 900;

export interface People {
  /** The person with this id; null when Slack says that there is none. */
  byId(workspaceId: string, id: string, fallbackName?: string): Promise<KnownPerson | null>;
  /** People whose names are among these, lower case. */
  byName(workspaceId: string, names: readonly string[]): Promise<Map<string, KnownPerson>>;
}

export function people(db: Database, api: SlackApi, wire: Wire): People {
  async function ask(workspaceId: string, id: string): Promise<KnownPerson | null> {
    const answer = await Promise.race([
      api.call('users.info', { user: id }),
      wire.wait(patienceMs).then(() => {
        throw new Error('users.info: too slow');
      }),
    ]);
    const user = answer.user as {
      name?: string;
      tz?: string;
      is_bot?: boolean;
      real_name?: string;
      profile?: { display_name?: string };
    };
    const shown = user.profile?.display_name || user.real_name || user.name || id;
    const zone = user.tz && IANAZone.isValidZone(user.tz) ? user.tz : null;
    const person = { name: oneLine(shown).slice(0, 80) || id, zone };
    const row = { ...person, isBot: user.is_bot ?? false, seenAt: new Date(wire.now()) };
    await db.of(workspaceId).write((tx) =>
      tx.person.upsert({
        where: { workspaceId_id: { workspaceId, id } },
        create: { workspaceId, id, ...row },
        update: row,
      }),
    );
    return { id, ...person };
  }

  return {
    async byId(workspaceId, id, fallbackName) {
      const row = await db
        .of(workspaceId)
        .read.person.findUnique({ where: { workspaceId_id: { workspaceId, id } } });
      if (row && wire.now() - row.seenAt.getTime() < freshMs) return row;
      try {
        return await ask(workspaceId, id);
      } catch (error) {
        if (error instanceof SlackRefused && error.error === 'user_not_found') return null;
        // Slack is slow or refuses: the name that came with the request must do, and the zone stays unknown.
        return row ?? { id, name: oneLine(fallbackName ?? id).slice(0, 80) || id, zone: null };
      }
    },
    async byName(workspaceId, names) {
      const found = new Map<string, KnownPerson>();
      if (names.length === 0) return found;
      const rows = await db.of(workspaceId).read.person.findMany({ where: { workspaceId, isBot: false } });
      for (const name of names) {
        const matches = rows.filter(
          (row) => row.name.toLowerCase() === name || row.name.toLowerCase().split(' ')[0] === name,
        );
        // Two people of one name: neither is meant for certain.
        if (matches.length === 1 && matches[0]) found.set(name, matches[0]);
      }
      return found;
    },
  };
}
