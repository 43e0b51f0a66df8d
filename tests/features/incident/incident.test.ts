// Incidents on a real database: who sees them, and how rows follow from what is said.
import { describe, expect, test } from 'vitest';
import { recordMember } from '../../../src/features/incident/index.js';
import { durationsOf } from '../../../src/features/postmortem/durations.js';
import { readRecord } from '../../../src/features/postmortem/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, people } from '../../helpers/desk.js';

function incident(desk: Desk, number = 1) {
  return desk.db.read.incident.findFirstOrThrow({ where: { number } });
}

/** What is affected, as `api/prod partial_outage 10:22–10:50`. */
async function impacts(desk: Desk): Promise<string[]> {
  const rows = await desk.db.read.impact.findMany({ orderBy: [{ since: 'asc' }, { service: 'asc' }] });
  const clock = (at: Date | null) => at?.toISOString().slice(11, 16) ?? '';
  return rows.map(
    (each) => `${each.service}/${each.environment} ${each.level} ${clock(each.since)}–${clock(each.until)}`,
  );
}

async function said(desk: Desk, person: keyof typeof people, line: string): Promise<string> {
  const answer = await desk.say(person, line);
  if (!answer.accepted) throw new Error(`${line}: ${answer.text}`);
  return answer.text;
}

for (const engine of engines) {
  describe(engine, () => {
    describe('a private incident', () => {
      async function privateDesk(): Promise<Desk> {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare writes are stuck');
        await said(desk, 'ana', 'declare the keys leaked private');
        return desk;
      }

      test('does not exist for others, by number and in lists', async () => {
        const desk = await privateDesk();
        const none = 'There is no INC-2. /incident list shows the open incidents.';
        for (const line of [
          'show INC-2',
          'timeline INC-2',
          'roles INC-2',
          'note INC-2 I know it',
          'severity INC-2 1',
          'resolve INC-2',
          'export INC-2',
          'role INC-2 commander me',
          'strike INC-2 1',
        ]) {
          expect((await desk.say('eve', line)).text, line).toBe(none);
        }
        // The very words for one that never was: nothing can be told from the difference.
        expect((await desk.say('eve', 'show INC-9')).text).toBe(none.replace('INC-2', 'INC-9'));
        for (const line of ['list', 'list all']) {
          const text = await said(desk, 'eve', line);
          expect(text).toContain('INC-1');
          expect(text).not.toContain('INC-2');
        }
      });

      test('is not among those offered where none is named, nor found in its channel', async () => {
        const desk = await privateDesk();
        await desk.db.write((tx) =>
          tx.incident.updateMany({
            where: { number: 2 },
            data: { channelId: 'C0KEYS', placeKind: 'channel' },
          }),
        );
        const asked = await desk.say('eve', 'note what is going on', { channelId: 'C0KEYS' });
        expect(asked).toMatchObject({ accepted: false, text: expect.stringContaining('Open: INC-1 ') });
        expect(asked.text).not.toContain('leaked');
        const member = await desk.say('ana', 'note rotating them', { channelId: 'C0KEYS' });
        expect(member).toMatchObject({ accepted: true, text: expect.stringContaining('INC-2') });
      });

      test('is there for its declarer, for whoever gets a role, and for whoever joins; no longer for who left', async () => {
        const desk = await privateDesk();
        expect(await said(desk, 'ana', 'list')).toContain('INC-2');
        await said(desk, 'ana', 'role INC-2 commander @bob');
        expect(await said(desk, 'bob', 'show INC-2')).toContain('the keys leaked');
        expect(await desk.db.read.fact.count({ where: { type: 'MemberAdded' } })).toBe(1);

        await desk.db.write((tx) =>
          tx.incident.updateMany({ where: { number: 2 }, data: { channelId: 'C0KEYS' } }),
        );
        const moved = (joined: boolean) =>
          desk.execute(
            recordMember.given({ channelId: 'C0KEYS', person: people.eve, joined }),
            desk.ask('eve'),
          );
        await moved(true);
        expect(await said(desk, 'eve', 'timeline INC-2')).toContain('Eve was let in');
        await moved(false);
        expect((await desk.say('eve', 'timeline INC-2')).text).toContain('There is no INC-2');
      });

      test('a role in a public incident makes nobody a member', async () => {
        const desk = await privateDesk();
        await said(desk, 'ana', 'role INC-1 commander @bob');
        expect(await desk.db.read.member.findMany()).toMatchObject([{ userId: 'U0ANA' }]);
      });

      test('one that somebody else declared does not hold up a like one', async () => {
        const desk = await privateDesk();
        expect(await said(desk, 'eve', 'declare the keys leaked')).toContain('INC-3 declared');
      });
    });

    describe('declaring', () => {
      test('the same again asks within two minutes, and not after', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare writes are stuck');
        desk.now = new Date(desk.now.getTime() + 119_000);
        expect((await desk.say('ana', 'declare Writes are stuck.')).accepted).toBe(false);
        expect(await said(desk, 'bob', 'declare writes are stuck')).toContain('INC-2');
        desk.now = new Date(desk.now.getTime() + 2_000);
        expect(await said(desk, 'ana', 'declare writes are stuck')).toContain('INC-3');
      });

      test('`anyway` declares it at once', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare writes are stuck');
        expect(await said(desk, 'ana', 'declare writes are stuck anyway')).toContain('INC-2');
      });

      test('a component that is named twice does no harm', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod, api/prod');
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:45–']);
      });

      test('a title of five thousand characters is a title, and all of it is on the timeline', async () => {
        const desk = await openDesk(engine);
        const words = '🔥 <!channel> مرحبا '.repeat(260).trim();
        await said(desk, 'ana', `declare ${words}`);
        const [row] = await desk.db.read.entry.findMany();
        expect(row?.text).toBe(`Declared as SEV2: ${words}`);
        expect((await incident(desk)).title.length).toBeLessThanOrEqual(120);
      });
    });

    describe('what is affected', () => {
      test('at the declaration was so from the start, also when that is said later', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down sev:1 on:api/prod,web/prod');
        expect(await impacts(desk)).toEqual(['api/prod major_outage 10:45–', 'web/prod major_outage 10:45–']);
        await said(desk, 'ana', 'started INC-1 10:22 UTC');
        expect(await impacts(desk)).toEqual(['api/prod major_outage 10:22–', 'web/prod major_outage 10:22–']);
        await said(desk, 'ana', 'started INC-1 10:20 UTC');
        expect(await impacts(desk)).toEqual(['api/prod major_outage 10:20–', 'web/prod major_outage 10:20–']);
      });

      test('of which the start becomes unknown again was so from the declaration', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod started:10:22 UTC');
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:22–']);
        await said(desk, 'ana', 'started INC-1 TBC');
        expect(await incident(desk)).toMatchObject({
          startedAt: null,
          keyTimes: { started: { asWritten: 'TBC' } },
        });
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:45–']);
        await said(desk, 'ana', 'started INC-1 10:30 UTC');
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:30–']);
      });

      test('changes with time, each level from then on', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod started:10:22 UTC');
        desk.at('11:00');
        await said(desk, 'ana', 'affects INC-1 api/prod degraded');
        desk.at('11:30');
        await said(desk, 'ana', 'affects INC-1 api/prod operational');
        expect(await impacts(desk)).toEqual([
          'api/prod partial_outage 10:22–11:00',
          'api/prod degraded 11:00–11:30',
        ]);
        await said(desk, 'ana', 'affects INC-1 api/prod major_outage at:11:20 UTC');
        expect(await impacts(desk)).toEqual([
          'api/prod partial_outage 10:22–11:00',
          'api/prod degraded 11:00–11:20',
          'api/prod major_outage 11:20–11:30',
        ]);
      });

      test('said for an earlier time than what was assumed replaces it, and never ends before it begins', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod');
        await said(desk, 'ana', 'affects INC-1 api/prod major_outage at:10:22 UTC');
        expect(await impacts(desk)).toEqual(['api/prod major_outage 10:22–']);
        await said(desk, 'ana', 'affects INC-1 api/prod degraded at:10:22 UTC');
        expect(await impacts(desk)).toEqual(['api/prod degraded 10:22–']);
      });

      test('of an earlier time leaves what was said of later ones, and a range has its own end', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down started:10:00 UTC');
        desk.at('11:00');
        await said(desk, 'ana', 'affects INC-1 api/prod major outage at:10:20 UTC');
        expect(await said(desk, 'ana', 'affects INC-1 api/prod degraded at:10:10 UTC')).toContain(
          'api/prod: degraded, until ',
        );
        await said(desk, 'ana', 'affects INC-1 web/prod degraded at:10:30-10:40 UTC');
        expect(await impacts(desk)).toEqual([
          'api/prod degraded 10:10–10:20',
          'api/prod major_outage 10:20–',
          'web/prod degraded 10:30–10:40',
        ]);
        await said(desk, 'ana', 'undo INC-1');
        expect(await impacts(desk)).toHaveLength(2);
      });

      test('another cluster or environment is another component', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod');
        await said(desk, 'ana', 'affects INC-1 api/prod/eu-1 degraded');
        await said(desk, 'ana', 'affects INC-1 api degraded');
        expect(await desk.db.read.impact.count({ where: { until: null } })).toBe(3);
      });

      test('ends with the incident, and is there again when it is not over after all', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod,web/prod');
        desk.at('11:00');
        await said(desk, 'ana', 'affects INC-1 web/prod operational');
        desk.at('12:00');
        await said(desk, 'ana', 'resolve INC-1 at:11:40 UTC');
        const over = ['api/prod partial_outage 10:45–11:40', 'web/prod partial_outage 10:45–11:00'];
        expect(await impacts(desk)).toEqual(over);
        await said(desk, 'ana', 'status INC-1 investigating it is back');
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:45–', over[1]]);
        expect(await incident(desk)).toMatchObject({ status: 'investigating', resolvedAt: null });
      });

      test('said afterwards of an incident that is over ended with it', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        desk.at('12:00');
        await said(desk, 'ana', 'resolve INC-1');
        desk.at('13:00');
        await said(desk, 'ana', 'affects INC-1 api/prod degraded at:11:00 UTC');
        expect(await impacts(desk)).toEqual(['api/prod degraded 11:00–12:00']);
      });
    });

    test('the words of a status go with it', async () => {
      const desk = await openDesk(engine);
      await said(desk, 'ana', 'declare it is down');
      await said(desk, 'ana', 'status INC-1 identified a bad merge');
      expect(await incident(desk)).toMatchObject({ statusText: 'a bad merge' });
      await said(desk, 'ana', 'status INC-1 monitoring');
      expect(await incident(desk)).toMatchObject({ statusText: null });
      await said(desk, 'ana', 'redact INC-1 #2 not so');
      expect(await incident(desk)).toMatchObject({ statusText: null });
      expect(await said(desk, 'ana', 'resolve INC-1 it is back')).not.toContain('before it was declared');
      expect(await incident(desk)).toMatchObject({ statusText: 'it is back' });
      expect(await said(desk, 'ana', 'note INC-1 thanks to all')).toContain('/incident export makes it anew');
    });

    test('a time may stand behind a note, and behind its kind', async () => {
      const desk = await openDesk(engine);
      await said(desk, 'ana', 'declare it is down');
      await said(desk, 'ana', 'note INC-1 decision: 10:42 UTC fail over');
      await said(desk, 'ana', 'note INC-1 failing over at:10:43 UTC');
      await said(desk, 'ana', 'note INC-1 at:10:44 UTC failed over');
      const rows = await desk.db.read.entry.findMany({ orderBy: { seq: 'asc' } });
      expect(rows.slice(1)).toMatchObject([
        { kind: 'decision', text: 'fail over', occurredAt: new Date('2026-03-10T10:42:00Z') },
        { text: 'failing over', occurredAt: new Date('2026-03-10T10:43:00Z') },
        { text: 'failed over', occurredAt: new Date('2026-03-10T10:44:00Z') },
      ]);
    });

    test('holders of a role follow each other, in whatever order it is said', async () => {
      const desk = await openDesk(engine);
      await said(desk, 'ana', 'declare it is down');
      desk.at('11:00');
      await said(desk, 'ana', 'role INC-1 commander me');
      desk.at('11:10');
      expect(await said(desk, 'ana', 'role INC-1 @bob commander')).toBe(
        'Bob is commander of INC-1, was Ana.',
      );
      expect(await said(desk, 'ana', 'role INC-1 commander @eve at:10:50 UTC')).toContain(
        'Eve was commander of INC-1 until Ana took over.',
      );
      const rows = await desk.db.read.roleHolding.findMany({ orderBy: { since: 'asc' } });
      const clock = (at: Date | null) => at?.toISOString().slice(11, 16) ?? '';
      expect(rows.map((each) => `${each.userName} ${clock(each.since)}–${clock(each.until)}`)).toEqual([
        'Eve 10:50–11:00',
        'Ana 11:00–11:10',
        'Bob 11:10–',
      ]);
      // Taking back what was said of an earlier time leaves who holds it now.
      await said(desk, 'ana', 'undo INC-1');
      expect(await said(desk, 'ana', 'roles INC-1')).toContain('commander: Bob');
    });

    test('a severity and the flags around it count at the end of a title; a flag alone is no title', async () => {
      const desk = await openDesk(engine);
      await said(desk, 'ana', 'declare the keys leaked private SEV1');
      expect(await incident(desk)).toMatchObject({
        title: 'the keys leaked',
        severity: 'SEV1',
        private: true,
      });
      expect((await desk.say('ana', 'declare private')).text).toContain(
        'to make it private put the word after',
      );
    });

    test.each([
      ['drill failover of the database', 'failover of the database drill', { drill: true }],
      ['Drill: failover sev:1 on:db', 'failover sev:1 on:db drill', { drill: true, severity: 'SEV1' }],
      ['private the keys leaked sev3', 'the keys leaked sev:3 private', { private: true }],
      ['hush private:yes', 'hush private', { private: true, title: 'hush' }],
      ['private drill the keys leaked', 'the keys leaked private drill', { private: true, drill: true }],
    ])('%s is asked about before anything is made', async (line, meant, made) => {
      const desk = await openDesk(engine);
      const plain = { private: false, drill: false };
      const asked = await desk.say('ana', `declare ${line}`);
      expect(asked.accepted).toBe(false);
      expect(asked.text.split('\n')[1]).toMatch(new RegExp(`: /incident declare ${meant}$`));
      const [, other = ''] = /: \/incident (declare .* anyway)$/m.exec(asked.text) ?? [];
      expect(await desk.db.read.fact.count()).toBe(0);
      const buttons = asked.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
      expect(buttons.map((each) => 'value' in each && each.value)).toEqual([
        `/incident declare ${meant}`,
        `/incident ${other}`,
      ]);
      await said(desk, 'ana', `declare ${meant}`);
      expect(await incident(desk)).toMatchObject({ ...plain, ...made });
      await said(desk, 'ana', other);
      expect(await incident(desk, 2)).toMatchObject(plain);
      // Pressed twice, it is one.
      expect((await desk.say('ana', other)).text).toContain('You declared INC-2');
    });

    test('what says “drill” in its midst, or has the flag at its end, is not asked about', async () => {
      const desk = await openDesk(engine);
      await said(desk, 'ana', 'declare the fire drill went wrong');
      await said(desk, 'ana', 'declare drill down is broken drill');
      await said(desk, 'ana', 'declare privately hosted runners hang');
      expect((await desk.say('ana', 'declare drill:yes')).text).toContain('put the word after');
    });

    describe('key times', () => {
      test('keep the words and the precision, and a range its end', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down started:~10:22 UTC');
        await said(desk, 'ana', 'detected INC-1 10:30-10:40 UTC');
        expect(await incident(desk)).toMatchObject({
          startedAt: new Date('2026-03-10T10:22:00Z'),
          detectedAt: new Date('2026-03-10T10:30:00Z'),
          keyTimes: {
            started: { asWritten: '~10:22 UTC', precision: 'approximate', until: null, derived: false },
            detected: { precision: 'range', until: '2026-03-10T10:40:00.000Z', derived: false },
          },
        });
      });

      test('monitoring is the mitigation until somebody says another time', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        desk.at('11:00');
        await said(desk, 'ana', 'status INC-1 monitoring');
        expect(await incident(desk)).toMatchObject({
          mitigatedAt: new Date('2026-03-10T11:00:00Z'),
          keyTimes: { mitigated: { derived: true } },
        });
        await said(desk, 'ana', 'mitigated INC-1 10:50 UTC');
        desk.at('11:30');
        await said(desk, 'ana', 'status INC-1 investigating');
        await said(desk, 'ana', 'status INC-1 monitoring');
        expect(await incident(desk)).toMatchObject({
          mitigatedAt: new Date('2026-03-10T10:50:00Z'),
          keyTimes: { mitigated: { derived: false } },
        });
      });

      test('a repair that was none was no mitigation', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', 'status INC-1 monitoring');
        desk.at('11:00');
        await said(desk, 'ana', 'status INC-1 identified it came back');
        expect(await incident(desk)).toMatchObject({ mitigatedAt: null, keyTimes: {} });
        desk.at('11:30');
        await said(desk, 'ana', 'status INC-1 monitoring');
        expect(await incident(desk)).toMatchObject({ mitigatedAt: new Date('2026-03-10T11:30:00Z') });
      });

      test('back to investigating takes back both the end and the mitigation that was only assumed', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', 'status INC-1 monitoring');
        await said(desk, 'ana', 'resolve INC-1');
        await said(desk, 'ana', 'status INC-1 investigating');
        expect(await incident(desk)).toMatchObject({ mitigatedAt: null, resolvedAt: null, keyTimes: {} });
      });

      test('closing ends what was never resolved; resolving again keeps the time unless one is said', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down on:api/prod');
        desk.at('11:00');
        await said(desk, 'ana', 'status INC-1 closed a false alarm');
        expect(await incident(desk)).toMatchObject({
          resolvedAt: new Date('2026-03-10T11:00:00Z'),
          keyTimes: { resolved: { derived: true } },
        });
        expect(await impacts(desk)).toEqual(['api/prod partial_outage 10:45–11:00']);
        desk.at('12:00');
        await said(desk, 'ana', 'resolve INC-1');
        expect(await incident(desk)).toMatchObject({ resolvedAt: new Date('2026-03-10T11:00:00Z') });
        await said(desk, 'ana', 'status INC-1 closed');
        await said(desk, 'ana', 'resolve INC-1 at:10:55 UTC');
        expect(await incident(desk)).toMatchObject({ resolvedAt: new Date('2026-03-10T10:55:00Z') });
        const drafts = await desk.db.read.job.count({ where: { kind: 'upload' } });
        expect(drafts).toBe(1);
      });

      test('make durations: unknown stays unknown, negative is negative', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down started:10:30 UTC');
        desk.at('11:00');
        await said(desk, 'ana', 'ack INC-1');
        await said(desk, 'ana', 'detected INC-1 10:25 UTC');
        desk.at('12:00');
        await said(desk, 'ana', 'resolve INC-1');
        const record = await readRecord(desk.db.read, (await incident(desk)).id, desk.workspace);
        expect(record.durations).toEqual({
          detect: '-PT5M',
          acknowledge: 'PT35M',
          mitigate: null,
          resolve: 'PT1H30M',
        });
        expect(durationsOf({ ...record, startedAt: null })).toMatchObject({ detect: null, resolve: null });
      });
    });

    describe('roles', () => {
      test('are held by one at a time, and the one before is kept with both times', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', 'role INC-1 ic me');
        desk.at('11:00');
        expect(await said(desk, 'bob', 'role INC-1 lead @bob')).toContain('Bob is commander');
        expect((await desk.say('ana', 'role INC-1 commander @bob')).text).toContain(
          'Bob is commander of INC-1 already',
        );
        const held = await desk.db.read.roleHolding.findMany({ orderBy: { since: 'asc' } });
        expect(held).toMatchObject([
          { userName: 'Ana', until: new Date('2026-03-10T11:00:00Z') },
          { userName: 'Bob', since: new Date('2026-03-10T11:00:00Z'), until: null },
        ]);
        expect(await said(desk, 'eve', 'timeline INC-1')).toContain('Bob is commander, was Ana');
        expect(await said(desk, 'eve', 'roles INC-1')).toMatch(/commander: Bob .*\n.*communications: nobody/);
      });

      test('only those there are', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        expect((await desk.say('ana', 'role INC-1 king me')).text).toContain(
          'There is no role “king”. A role is commander, communications, operations or scribe; /incident define ROLE',
        );
      });
    });

    describe('which incident', () => {
      test('none is named and none is here: the open ones are listed', async () => {
        const desk = await openDesk(engine);
        expect((await desk.say('ana', 'ack')).text).toContain('no incident is open');
        await said(desk, 'ana', 'declare one');
        await said(desk, 'ana', 'declare two');
        await said(desk, 'ana', 'resolve INC-1');
        const asked = await desk.say('ana', 'ack');
        expect(asked).toMatchObject({ accepted: false, text: expect.stringContaining('Open: INC-2 two.') });
        expect(asked.text).toContain('such as INC-2');
      });

      test('one whose place this is, unless another is named', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare one');
        await said(desk, 'ana', 'declare two');
        await desk.db.write((tx) =>
          tx.incident.updateMany({ where: { number: 1 }, data: { channelId: 'C1', placeKind: 'channel' } }),
        );
        const here = { channelId: 'C1' };
        expect((await desk.say('ana', 'ack', here)).text).toContain('You have INC-1');
        expect((await desk.say('ana', 'ack INC-2', here)).text).toContain('You have INC-2');
      });

      test('a title with half a pair at the cut is shown whole', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', `declare ${'x'.repeat(39)}😀 is the title`);
        expect((await desk.say('ana', 'ack')).text).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
      });
    });

    test('the list is a screen: the newest ten, and that there are more', async () => {
      const desk = await openDesk(engine);
      expect(await said(desk, 'ana', 'list')).toContain('No incident is open');
      expect(await said(desk, 'ana', 'list all')).toBe(
        'There is no incident yet. /incident declare what is wrong opens one.',
      );
      for (let i = 1; i <= 11; i += 1) await said(desk, 'ana', `declare number ${i} is down`);
      const text = await said(desk, 'ana', 'list');
      expect(text).toContain('INC-11');
      expect(text).not.toContain('INC-1 ');
      expect(text).toContain('There are more');
      await said(desk, 'ana', 'resolve INC-11');
      expect(await said(desk, 'ana', 'list')).not.toContain('INC-11');
      expect(await said(desk, 'ana', 'list all')).toContain('INC-11');
    });

    describe('notes', () => {
      test('take their kind from a prefix, and their time from the front', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', 'note INC-1 10:22 UTC Hypothesis:  the disk is full');
        await said(desk, 'ana', 'note INC-1 nothing: of the kind');
        const rows = await desk.db.read.entry.findMany({
          where: { seq: { gt: 1 } },
          orderBy: { seq: 'asc' },
        });
        expect(rows).toMatchObject([
          { kind: 'hypothesis', text: 'the disk is full', occurredAt: new Date('2026-03-10T10:22:00Z') },
          { kind: 'note', text: 'nothing: of the kind', occurredAt: desk.now },
        ]);
        expect((await desk.say('ana', 'note INC-1 decision:')).text).toContain(
          'Say the decision after the colon',
        );
      });

      test('that are ruled out stay, with the reason; what the program recorded cannot be ruled out', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', 'note INC-1 hypothesis: the disk is full');
        await said(desk, 'bob', 'strike INC-1 #2 it has room');
        expect(await desk.db.read.entry.findFirst({ where: { seq: 2 } })).toMatchObject({
          struck: true,
          strikeReason: 'it has room',
          text: 'the disk is full',
        });
        expect(await said(desk, 'eve', 'timeline INC-1')).toContain(
          'the disk is full ruled out: it has room',
        );
        expect((await desk.say('bob', 'strike INC-1 2')).text).toContain('ruled out already');
        expect((await desk.say('bob', 'strike INC-1 1')).text).toContain('cannot be struck out');
        expect((await desk.say('bob', 'strike INC-1 77')).text).toContain('INC-1 has no entry #77');
      });

      test('stand on the timeline when they happened, whenever they were told', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        for (const line of ['10:30 UTC second', 'yesterday 23:58 UTC first', 'last'])
          await said(desk, 'ana', `note INC-1 ${line}`);
        const text = await said(desk, 'ana', 'timeline INC-1');
        const order = ['first', 'second', 'Declared', 'last'].map((word) => text.indexOf(word));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(order).not.toContain(-1);
      });

      test('of ten thousand characters are taken, one more is refused with what to do', async () => {
        const desk = await openDesk(engine);
        await said(desk, 'ana', 'declare it is down');
        await said(desk, 'ana', `note INC-1 ${'x'.repeat(10_000)}`);
        const refused = await desk.say('ana', `note INC-1 ${'x'.repeat(10_001)}`);
        expect(refused.accepted).toBe(false);
        expect(refused.text).toMatch(
          /10,001 characters; 10,000 is the most\. Nothing was recorded\. Send it in parts/,
        );
      });
    });
  });
}
