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
const nameMax = 80;

/** Somebody as users.info and its like answer (https://docs.slack.dev/reference/objects/user-object). */
export interface SlackUser {
  readonly id?: string;
  readonly name?: string;
  readonly tz?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly real_name?: string;
  readonly profile?: { readonly display_name?: string; readonly email?: string };
}

export interface People {
  /** The person with this id; null when Slack says that there is none. */
  byId(workspaceId: string, id: string, fallbackName?: string): Promise<KnownPerson | null>;
  /** People whose names are among these, lower case. */
  byName(workspaceId: string, names: readonly string[]): Promise<Map<string, KnownPerson>>;
  /** Remembers what Slack says of somebody. */
  keep(workspaceId: string, id: string, user: SlackUser): Promise<KnownPerson>;
}

/** Addresses are kept only where letters go out: then they are a way to call somebody, else they are none of our business. */
export function people(db: Database, api: SlackApi, wire: Wire, letters: boolean): People {
  async function ask(workspaceId: string, id: string): Promise<KnownPerson | null> {
    const answer = await Promise.race([
      api.call('users.info', { user: id }),
      wire.wait(patienceMs).then(() => {
        throw new Error('users.info: too slow');
      }),
    ]);
    return keep(workspaceId, id, answer.user as SlackUser);
  }

  async function keep(workspaceId: string, id: string, user: SlackUser): Promise<KnownPerson> {
    const names = namesOf(user);
    const zone = user.tz && IANAZone.isValidZone(user.tz) ? user.tz : null;
    const person = { name: names[0] ?? id, zone };
    const mail = letters ? (user.profile?.email ?? null) : null;
    const seenAt = new Date(wire.now());
    const row = { ...person, realName: names[1] ?? null, mail, isBot: user.is_bot ?? false, seenAt };
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
    keep,
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
        const matches = rows.filter((row) =>
          [row.name, row.realName ?? row.name].some(
            (each) => each.toLowerCase() === name || each.toLowerCase().split(' ')[0] === name,
          ),
        );
        // Two people of one name: neither is meant for certain.
        if (matches.length === 1 && matches[0]) found.set(name, matches[0]);
      }
      return found;
    },
  };
}

/** The names of somebody in Slack, the one that is shown first; each once, one line each. */
export function namesOf(user: SlackUser): string[] {
  const all = [user.profile?.display_name, user.real_name, user.name].flatMap((each) =>
    each ? [oneLine(each).slice(0, nameMax)] : [],
  );
  // The handle of old is shown nowhere where there are two others.
  return [...new Set(all.filter((each) => each !== ''))].slice(0, 2);
}
