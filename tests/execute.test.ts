// The write path: once for each request, in order, whole or not at all.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { accept, type Bound, type Decision, internalVerb } from '../src/core/command.js';
import { defineFact } from '../src/core/fact.js';
import { say } from '../src/core/message.js';
import { appendFacts, lockStreams } from '../src/db/facts.js';
import { engines } from './helpers/databases.js';
import { type Desk, dump, openDesk } from './helpers/desk.js';
import { brokenChains } from './helpers/record.js';

/** A command that decides as it is told. */
function deciding(desk: Desk, streams: readonly string[], decide: () => Decision): Bound {
  return {
    name: `test of ${desk.workspace.id}`,
    verb: internalVerb('test'),
    locate: async () => ({ streams, decide: async () => decide() }),
  };
}

/** A fact that no feature knows: it is recorded and nothing follows. */
const thingSaid = defineFact('ThingSaid', z.object({ text: z.string() }), () => null);

function note(stream: string, text: string) {
  return thingSaid({ text }, { stream });
}

function counting(count: number, make: (i: number) => Promise<unknown>): Promise<unknown[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => make(i)));
}

for (const engine of engines) {
  describe(engine, () => {
    describe('a request that comes twice', () => {
      test('does one thing and gets the same answer', async () => {
        const desk = await openDesk(engine);
        const ask = desk.ask('ana');
        const first = await desk.execute(desk.bound('declare writes are stuck'), ask);
        const second = await desk.execute(desk.bound('declare writes are stuck'), ask);
        expect(first).toMatchObject({ accepted: true, repeated: false });
        expect(second).toMatchObject({ accepted: true, repeated: true, facts: [] });
        if (first.accepted && second.accepted) expect(second.reply).toEqual(first.reply);
        expect(await desk.db.read.incident.count()).toBe(1);
        expect(await desk.db.read.fact.count()).toBe(1);
      });

      test('also while the first is under way, and makes its effects once', async () => {
        const desk = await openDesk(engine);
        const ask = desk.ask('ana');
        const outcomes = await Promise.all(
          [1, 2, 3, 4, 5].map(() => desk.execute(desk.bound('declare writes are stuck'), ask)),
        );
        const repeated = outcomes.map((each) => each.accepted && each.repeated);
        expect(repeated.filter((each) => each === false)).toHaveLength(1);
        expect(new Set(outcomes.map((each) => each.accepted && each.reply.text)).size).toBe(1);
        expect(await desk.db.read.fact.count()).toBe(1);
        expect(await desk.db.read.job.count({ where: { kind: 'openPlace' } })).toBe(1);
      });

      test('and was refused may be tried again', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        const ask = desk.ask('ana');
        const refused = await desk.execute(desk.bound('severity INC-1 SEV2'), ask);
        expect(refused.accepted).toBe(false);
        const again = await desk.execute(desk.bound('severity INC-1 SEV1'), ask);
        expect(again).toMatchObject({ accepted: true, repeated: false });
      });
    });

    describe('at the same time', () => {
      test('twenty notes on one incident get the numbers one after the other, and the chain holds', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        await counting(20, (i) => desk.say(i % 2 ? 'ana' : 'bob', `note INC-1 number ${i}`));
        const facts = await desk.db.read.fact.findMany({ orderBy: { seq: 'asc' } });
        expect(facts.map((fact) => fact.seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
        expect(facts.map((fact) => fact.version)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
        expect(await desk.db.read.entry.count()).toBe(21);
        expect(await brokenChains(desk.url)).toEqual([]);
      });

      test('a chain that was tampered with does not hold', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        await desk.say('ana', 'note INC-1 the disk was never full');
        const row = await desk.db.read.fact.findFirstOrThrow({ where: { seq: 2 } });
        await desk.db.write((tx) =>
          tx.fact.update({
            where: { id: row.id },
            data: { data: { kind: 'note', text: 'the disk was full' } },
          }),
        );
        expect(await brokenChains(desk.url)).toEqual([row.incidentId]);
      });

      test('ten declarations get ten numbers', async () => {
        const desk = await openDesk(engine);
        await counting(10, (i) => desk.say('ana', `declare service ${'abcdefghij'[i]} is down`));
        const incidents = await desk.db.read.incident.findMany({ orderBy: { number: 'asc' } });
        expect(incidents.map((each) => each.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      });

      test('of the same declaration by one person, the second asks first', async () => {
        const desk = await openDesk(engine);
        const said = await Promise.all([1, 2, 3].map(() => desk.say('ana', 'declare writes are stuck')));
        expect(said.filter((each) => each.accepted)).toHaveLength(1);
        expect(await desk.db.read.incident.count()).toBe(1);
      });

      test('of two who take command, one instead of the other: nobody holds it twice', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        await Promise.all([
          desk.say('ana', 'role INC-1 commander me'),
          desk.say('bob', 'role INC-1 commander me'),
          desk.say('eve', 'role INC-1 commander me'),
        ]);
        expect(await desk.db.read.roleHolding.count({ where: { until: null } })).toBe(1);
        expect(await desk.db.read.roleHolding.count()).toBe(3);
      });

      test('of five who set one status, four are told that it is so already', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        const said = (await counting(5, () => desk.say('bob', 'status INC-1 identified'))) as {
          accepted: boolean;
          text: string;
        }[];
        expect(said.filter((each) => each.accepted)).toHaveLength(1);
        expect(said.filter((each) => each.text.includes('identified already'))).toHaveLength(4);
      });
    });

    describe('a refusal', () => {
      test('leaves every table as it was, and burns no number', async () => {
        const desk = await openDesk(engine);
        await desk.say('ana', 'declare writes are stuck');
        await desk.say('ana', 'ack INC-1');
        const before = await dump(desk.db);
        for (const line of [
          'declare writes are stuck',
          'severity INC-1 SEV2',
          'status INC-1 investigating',
          'status INC-9 identified',
          'ack INC-1',
          'started INC-1',
          'strike INC-1 99',
          'strike INC-1 1',
          'note INC-9 what',
          'note no incident of this channel',
          'role INC-1 commander @nobody',
          'affects INC-1 a/b/c/d degraded',
        ]) {
          const said = await desk.say('ana', line);
          expect(said.accepted, line).toBe(false);
          expect(said.text.length, line).toBeGreaterThan(10);
        }
        expect(await dump(desk.db)).toEqual(before);
        await desk.say('ana', 'declare another one');
        expect(await desk.db.read.incident.count({ where: { number: 2 } })).toBe(1);
      });
    });

    describe('a fault', () => {
      test('of the decision leaves nothing', async () => {
        const desk = await openDesk(engine);
        const before = await dump(desk.db);
        const broken = deciding(desk, ['note/1'], () => {
          throw new Error('a mistake of ours');
        });
        await expect(desk.execute(broken, desk.ask())).rejects.toThrow('a mistake of ours');
        expect(await dump(desk.db)).toEqual(before);
      });

      test('of a projection takes the facts with it', async () => {
        const desk = await openDesk(engine);
        const before = await dump(desk.db);
        const features = desk.kernel.features.map((feature) =>
          feature.name === 'timeline'
            ? { ...feature, projectAll: () => Promise.reject(new Error('no room')) }
            : feature,
        );
        const broken = { ...desk, kernel: { ...desk.kernel, features } };
        const { execute } = await import('../src/execute.js');
        const doomed = execute(broken.kernel, desk.bound('declare it is down'), desk.ask());
        await expect(doomed).rejects.toThrow('no room');
        expect(await dump(desk.db)).toEqual(before);
      });

      test('of what must come before undoes everything', async () => {
        const desk = await openDesk(engine);
        const before = await dump(desk.db);
        const doomed = desk.execute(desk.bound('declare it is down'), desk.ask(), {
          before: () => Promise.reject(new Error('the lease is lost')),
        });
        await expect(doomed).rejects.toThrow('the lease is lost');
        expect(await dump(desk.db)).toEqual(before);
      });

      test('of two who were at one version is decided again, and at last is an error', async () => {
        const desk = await openDesk(engine);
        const failing = (times: number) => {
          let failed = 0;
          return deciding(desk, ['note/1'], () => {
            failed += 1;
            if (failed <= times) throw Object.assign(new Error('taken'), { code: 'P2002' });
            return accept([note('note/1', 'at last')], say(`after ${failed}`));
          });
        };
        expect(await desk.execute(failing(5), desk.ask())).toMatchObject({ reply: { text: 'after 6' } });
        await expect(desk.execute(failing(6), desk.ask())).rejects.toThrow('taken');
        expect(await desk.db.read.fact.count()).toBe(1);
      });
    });

    describe('the guard', () => {
      test('a fact of a stream that was not locked cannot be stated', async () => {
        const desk = await openDesk(engine);
        const careless = deciding(desk, ['note/1'], () => accept([note('note/2', 'x')], say('x')));
        await expect(desk.execute(careless, desk.ask())).rejects.toThrow('note/2 was not locked');
      });

      test('the control: without the lock two write at one version, and the unique index refuses one', async () => {
        const desk = await openDesk(engine);
        const unlocked = (text: string) =>
          desk.db.write(async (tx) => {
            // As if both had read the version before either wrote.
            await tx.stream.upsert({
              where: { workspaceId_name: { workspaceId: desk.workspace.id, name: 'note/1' } },
              create: { workspaceId: desk.workspace.id, name: 'note/1', version: 0 },
              update: {},
            });
            return appendFacts(tx, desk.ask(), [note('note/1', text)], new Map([['note/1', 0]]));
          });
        const outcomes = [];
        for (const text of ['one', 'other'])
          outcomes.push(await unlocked(text).catch((error: unknown) => error));
        expect(outcomes[1]).toMatchObject({ code: 'P2002' });
        expect(await desk.db.read.fact.count()).toBe(1);
      });

      test('streams are locked in one order whatever the order of asking, and each once', async () => {
        const desk = await openDesk(engine);
        const write = (names: string[]) =>
          desk.db.write(async (tx) => {
            const versions = await lockStreams(tx, desk.workspace.id, names);
            return appendFacts(
              tx,
              { ...desk.ask(), requestId: randomUUID() },
              [...new Set(names)].map((name) => note(name, 'x')),
              versions,
            );
          });
        await counting(10, (i) => write(i % 2 ? ['note/a', 'note/b', 'note/a'] : ['note/b', 'note/a']));
        const streams = await desk.db.read.stream.findMany({ orderBy: { name: 'asc' } });
        expect(streams.map((each) => [each.name, each.version])).toEqual([
          ['note/a', 10],
          ['note/b', 10],
        ]);
      });
    });

    test('what carries the answer is committed with the facts, and not for a refusal', async () => {
      const desk = await openDesk(engine);
      const answer = (reply: { text: string }) => [
        {
          lane: 'person/U0ANA',
          step: 0,
          incidentId: null,
          first: false,
          essential: false,
          collapse: null,
          kind: {
            do: 'respond' as const,
            url: 'https://x.example',
            userId: 'U0ANA',
            message: say(reply.text),
          },
        },
      ];
      await desk.execute(desk.bound('declare it is down'), desk.ask(), { answer });
      await desk.execute(desk.bound('severity INC-1 SEV2'), desk.ask(), { answer });
      const jobs = await desk.db.read.job.findMany({ where: { kind: 'respond' } });
      expect(jobs.map((job) => job.lane)).toEqual(['person/U0ANA']);
      expect(JSON.stringify(jobs[0]?.payload)).toContain('INC-1 declared');
    });

    test('facts keep both times, the words as written, who, how and by which request', async () => {
      const desk = await openDesk(engine);
      await desk.say('ana', 'declare it is down');
      const ask = desk.ask('bob', { requestId: 'trigger/7', source: 'modal' });
      await desk.execute(desk.bound('note INC-1 10:22-10:37 UTC all writes fail', 'bob'), ask);
      const fact = await desk.db.read.fact.findFirstOrThrow({ where: { seq: 2 } });
      expect(fact).toMatchObject({
        type: 'NoteTaken',
        occurredAt: new Date('2026-03-10T10:22:00Z'),
        occurredUntil: new Date('2026-03-10T10:37:00Z'),
        recordedAt: new Date('2026-03-10T10:45:00Z'),
        asWritten: '10:22-10:37 UTC',
        precision: 'range',
        actorKind: 'person',
        actorId: 'U0BOB',
        actorName: 'Bob',
        source: 'modal',
        requestId: 'trigger/7',
      });
    });

    test('any text of a person is kept as it is, or cleaned, and never breaks the record', async () => {
      const desk = await openDesk(engine);
      await desk.say('ana', 'declare it is down');
      const texts = [
        `'); DROP TABLE "Fact"; --`,
        '<!channel> *bold* <@U0EVE>',
        'مرحبا بالعالم 🚨 é',
        'nul \u0000 and half \uD83D of a pair',
        'override \u202Egpj.exe',
        '```\ncode\n```\n# heading',
      ];
      for (const text of texts)
        expect(await desk.say('bob', `note INC-1 ${text}`)).toMatchObject({ accepted: true });
      const entries = await desk.db.read.entry.findMany({ where: { kind: 'note' }, orderBy: { seq: 'asc' } });
      expect(entries.map((entry) => entry.text)).toEqual([
        texts[0],
        '<!channel> *bold* @U0EVE',
        texts[2],
        'nul  and half  of a pair',
        'override gpj.exe',
        texts[5],
      ]);
      for (const line of ['severity INC-1 1', 'status INC-1 identified', 'resolve INC-1', 'strike INC-1 3'])
        expect(await desk.say('bob', `${line} why \u0000 \uD83D not`)).toMatchObject({ accepted: true });
      expect(await brokenChains(desk.url)).toEqual([]);
    });
  });
}

describe('sqlite’s connections', () => {
  async function pragma(read: { $queryRawUnsafe(query: string): Promise<unknown> }, name: string) {
    const [row] = (await read.$queryRawUnsafe(`PRAGMA ${name}`)) as Record<string, unknown>[];
    return Object.values(row ?? {}).map((value) => (typeof value === 'bigint' ? Number(value) : value))[0];
  }

  test('acknowledged means on the disk: WAL, and every commit synchronised', async () => {
    const desk = await openDesk('sqlite');
    expect(await desk.db.write((tx) => pragma(tx, 'synchronous'))).toBe(2);
    expect(await desk.db.write((tx) => pragma(tx, 'journal_mode'))).toBe('wal');
    expect(await desk.db.write((tx) => pragma(tx, 'foreign_keys'))).toBe(1);
    expect(await pragma(desk.db.read, 'synchronous')).toBe(2);
  });

  test('the reader cannot write, and sees nothing that is not committed', async () => {
    const desk = await openDesk('sqlite');
    const rows = { workspaceId: desk.workspace.id, name: 'note/1' };
    await expect(desk.db.read.stream.create({ data: rows })).rejects.toThrow(/readonly/);
    await desk.db.write(async (tx) => {
      await tx.stream.create({ data: rows });
      expect(await desk.db.read.stream.count()).toBe(0);
    });
    expect(await desk.db.read.stream.count()).toBe(1);
  });
});
