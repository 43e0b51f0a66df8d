// Reports: whoever complains hears whether it is known; several people are one question to whoever is on call.
import { describe, expect, test, vi } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { report } from '../../../src/features/reports/commands.js';
import { linesCalledFor } from '../../../src/features/reports/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, type PersonName, stateTables } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';

vi.setConfig({ testTimeout: 60_000 });

const gathered = (desk: Desk) => desk.db.read.fact.count({ where: { type: 'ReportsGathered' } });
const entries = async (desk: Desk, number: number) => {
  const { id } = await desk.db.read.incident.findFirstOrThrow({ where: { number } });
  return desk.db.read.entry.findMany({ where: { incidentId: id }, orderBy: { seq: 'asc' } });
};
/** Where a question was shown, each place once. */
const asked = async (desk: Desk) => {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'show' } });
  const slots = jobs.map((job) => (job.payload as { slot: string }).slot);
  return [...new Set(slots.filter((slot) => slot.startsWith('gathering/')))].map((slot) =>
    slot.split('/').slice(2).join('/'),
  );
};

for (const engine of engines) {
  describe(engine, () => {
    test('the first complaint is thanked for, with what it is taken to be about', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/change service api owner:@bob');
      expect(await says(desk, 'eve', '/report the API hangs')).toMatch(
        /^Thank you: REP-1, taken to be about api\. Nobody else/,
      );
      expect(await says(desk, 'bob', '/report nothing works here')).toMatch(/1 other person .*on:api\/prod/s);
      expect(await says(desk, 'ana', '/report it is slow on:Api/prod at:10:30 UTC')).toMatch(
        /about api\/prod.*10:30/s,
      );
      expect(await desk.db.read.report.findMany({ orderBy: { number: 'asc' } })).toMatchObject([
        { number: 1, text: 'the API hangs', service: 'api', byId: 'U0EVE' },
        { number: 2, service: null },
        { number: 3, service: 'api', environment: 'prod', at: new Date('2026-03-10T10:30:00Z') },
      ]);
    });

    test('what begins with a verb is a complaint all the same, and nothing at all opens the form', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'eve', '/report dismiss does nothing when I press it');
      await says(desk, 'eve', '/report list of orders is empty');
      expect(await desk.db.read.report.count()).toBe(2);
      expect((await desk.say('eve', '/report list')).text).toContain('REP-2');
      expect((await desk.say('eve', '/report help')).text).toContain('TEXT');
    });

    test('where an incident is open it is named, and the report is an entry of it', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', 'declare the api is down on:api/prod');
      expect(await says(desk, 'eve', '/report I cannot log in on:api')).toMatch(
        /INC-1 is known: the api is down\. Your report, REP-1/,
      );
      expect((await entries(desk, 1)).at(-1)).toMatchObject({
        ...{ kind: 'observation', text: 'REP-1: I cannot log in', authorName: 'Eve' },
      });
      expect((await desk.say('bob', 'reports INC-1')).text).toContain('I cannot log in');
      await says(desk, 'ana', 'resolve INC-1');
      expect(await says(desk, 'bob', '/report it is back on:api')).toContain('Thank you');
    });

    test('a private incident or a drill is not named, and gets no reports', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', 'declare the keys leaked on:api/prod private');
      await says(desk, 'ana', 'declare practice on:api/prod drill');
      expect(await says(desk, 'eve', '/report I cannot log in on:api')).not.toContain('INC-');
    });

    test('two people about one service are one question, and a third is added to it', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report slow on:api');
      expect(await gathered(desk)).toBe(0);
      expect(await says(desk, 'bob', '/report slow here too on:api')).toContain('Somebody is asked');
      await says(desk, 'eve', '/report and here on:api/prod');
      expect(await gathered(desk)).toBe(1);
      const rows = await desk.db.read.report.findMany();
      expect(new Set(rows.map((row) => row.gathering)).size).toBe(1);
      // Nobody is on call, and no support is set.
      expect(await asked(desk)).toEqual(['1/announcements']);
    });

    test('of a flood one edit of the question waits, not one for each report', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/change service api owner:@ana');
      for (let index = 0; index < 6; index += 1)
        await says(desk, index % 2 ? 'eve' : 'bob', `/report it hangs ${index} on:api`);
      const waiting = { kind: 'show', state: 'waiting', lane: { startsWith: 'gathering/' } };
      const jobs = await desk.db.read.job.findMany({ where: waiting });
      expect(jobs.length).toBeGreaterThan(0);
      expect(new Set(jobs.map(({ lane }) => lane)).size).toBe(jobs.length);
    });

    test('what is still to come is refused; what was seen days ago is kept, and makes no question', async () => {
      const desk = await openDesk(engine);
      const bound = (person: PersonName, at: Date) =>
        desk.execute(
          report.given({
            text: `slow ${person}`,
            at: { at, until: null, precision: 'exact', asWritten: '' },
            remarks: [],
          }),
          desk.ask(person),
        );
      const ahead = await bound('eve', new Date(desk.now.getTime() + 3_600_000));
      expect(ahead).toMatchObject({ accepted: false, refusal: { field: 'at' } });
      const old = new Date(desk.now.getTime() - 2 * 86_400_000);
      for (const person of ['ana', 'bob', 'eve'] as const) {
        const outcome = await bound(person, old);
        expect(outcome.accepted && outcome.reply.text).toContain('more than a day ago');
      }
      expect(await gathered(desk)).toBe(0);
      expect(await desk.db.read.report.count()).toBe(3);
    });

    test('two at once are gathered once', async () => {
      const desk = await openDesk(engine);
      await Promise.all(
        (['ana', 'bob', 'eve'] as const).map((person) => says(desk, person, '/report slow on:api')),
      );
      expect(await gathered(desk)).toBe(1);
      const rows = await desk.db.read.report.findMany({ orderBy: { number: 'asc' } });
      expect(rows.map((row) => row.number)).toEqual([1, 2, 3]);
      expect(rows.every((row) => row.gathering !== null)).toBe(true);
    });

    test('services of one cluster, by the catalogue', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/change service api on:prod/eu-1');
      await says(desk, 'ana', '/change service web on:prod/eu-1');
      await says(desk, 'ana', '/report api errors');
      await says(desk, 'bob', '/report web is blank');
      const fact = await desk.db.read.fact.findFirstOrThrow({ where: { type: 'ReportsGathered' } });
      expect(fact.data).toMatchObject({ why: 'cluster', cluster: 'eu-1', reports: [1, 2] });
    });

    test('one person counts once, and the same words a moment later are no second report', async () => {
      const desk = await openDesk(engine);
      for (let i = 0; i < 20; i += 1) await says(desk, 'eve', `/report slow ${i} on:api`);
      expect(await gathered(desk)).toBe(0);
      const again = await desk.say('eve', '/report slow 1 on:api');
      expect(again).toMatchObject({ accepted: false });
      expect(again.text).toContain('REP-2');
    });

    test('the owner of the service is asked, then again, then paged, and nobody after an answer', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/change service api owner:@bob');
      await says(desk, 'ana', '/report slow on:api');
      await says(desk, 'eve', '/report slow on:api');
      expect(await asked(desk)).toEqual(['1/U0BOB']);
      desk.at('10:55');
      await desk.turn();
      expect(await asked(desk)).toEqual(['1/U0BOB', '2/U0BOB']);
      expect(await desk.db.read.page.count()).toBe(0);
      desk.at('11:05');
      await desk.turn();
      expect(await desk.db.read.page.findMany()).toMatchObject([
        { cause: 'report', causeName: 'REP-1', targetName: 'api', state: 'ringing' },
      ]);
      // What a letter for it lists.
      const lines = await linesCalledFor(desk.db.read, desk.workspace.id, 'REP-1');
      expect(lines).toEqual([
        expect.stringMatching(/^- REP-1, .* UTC, Ana on api: “slow”$/),
        expect.stringMatching(/^- REP-2, .* UTC, Eve on api: “slow”$/),
      ]);
      await says(desk, 'bob', '/report dismiss REP-2');
      await desk.turn();
      expect(await desk.db.read.page.findMany()).toMatchObject([{ state: 'withdrawn' }]);
    });

    test('declaring takes the reports along, at their own times, and says so once', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report the pay page hangs on:api/prod');
      desk.at('10:50');
      await says(desk, 'eve', '/report cannot pay on:api/prod');
      expect(await says(desk, 'bob', '/report declare REP-2 sev:1')).toContain('INC-1');
      expect(await desk.db.read.incident.findFirstOrThrow()).toMatchObject({
        ...{ title: 'api: the pay page hangs', severity: 'SEV1', declaredByName: 'Bob' },
        startedAt: new Date('2026-03-10T10:45:00Z'),
      });
      const said = await entries(desk, 1);
      expect(said.map((each) => each.text)).toEqual([
        expect.stringContaining('Declared'),
        'REP-1: the pay page hangs',
        'REP-2: cannot pay',
      ]);
      expect(said[1]).toMatchObject({ occurredAt: new Date('2026-03-10T10:45:00Z'), authorName: 'Ana' });
      const second = await desk.say('eve', '/report declare REP-1');
      expect(second).toMatchObject({ accepted: false });
      expect(second.text).toContain('INC-1');
      expect(await desk.db.read.incident.count()).toBe(1);
      expect(await desk.db.read.workspace.findFirstOrThrow()).toMatchObject({ nextIncident: 2 });
    });

    test('they belong to an incident; once it is private its number is said to nobody', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', 'declare the keys leaked private');
      await says(desk, 'ana', '/report slow on:api');
      await says(desk, 'eve', '/report slow on:api');
      expect(await desk.say('eve', '/report belongs REP-1 INC-1')).toMatchObject({ accepted: false });
      expect(await says(desk, 'ana', '/report belongs REP-1 INC-1')).toContain('REP-1, REP-2 are on INC-1');
      const again = await desk.say('eve', '/report dismiss REP-1');
      expect(again.text).not.toContain('INC-');
      expect((await desk.say('eve', '/report list')).text).not.toContain('REP-1');
    });

    test('not one: new reports are gathered anew', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report slow on:api');
      await says(desk, 'eve', '/report slow on:api');
      await says(desk, 'bob', '/report dismiss REP-1');
      await says(desk, 'ana', '/report still slow on:api');
      expect(await gathered(desk)).toBe(1);
      await says(desk, 'bob', '/report me too on:api');
      expect(await gathered(desk)).toBe(2);
    });

    test('an incident declared meanwhile answers the question', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report slow on:api');
      await says(desk, 'eve', '/report slow on:api');
      await says(desk, 'bob', 'declare it is slow on:api/prod');
      desk.at('10:56');
      await desk.turn();
      expect((await entries(desk, 1)).map((each) => each.text)).toContain('REP-2: slow');
      expect(await asked(desk)).toEqual(['1/announcements']);
    });

    test('a redaction takes the words from the entry, the report and the question', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report my password hunter2 fails on:api');
      await says(desk, 'eve', '/report slow on:api');
      await says(desk, 'bob', 'declare login is down on:web');
      await says(desk, 'bob', '/report belongs REP-1 INC-1');
      const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter2' } } });
      await says(desk, 'bob', `redact INC-1 ${seq} a password`);
      await desk.turn();
      for (const rows of Object.values(await dump(desk.db))) expect(rows.join()).not.toContain('hunter2');
      const state = await dump(desk.db, stateTables);
      await rebuild(desk.db, features, projectFacts);
      expect(await dump(desk.db, stateTables)).toEqual(state);
    });

    test('real reports are of no drill, and the question stays', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report slow on:api');
      await says(desk, 'eve', '/report slow on:api');
      await says(desk, 'bob', 'declare we play that it is slow on:api/prod drill');
      const said = await desk.say('bob', '/report belongs REP-1 INC-1');
      expect(said).toMatchObject({ accepted: false });
      expect(said.text).toContain('INC-1 is a drill');
      expect(await desk.db.read.report.count({ where: { incidentId: { not: null } } })).toBe(0);
      desk.at('10:56');
      await desk.turn();
      expect(await asked(desk)).toContain('2/announcements');
    });

    test('where a report named the incident, its redaction says so', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/report my password hunter2 fails on:api');
      await says(desk, 'ana', '/report declare REP-1');
      const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'REP-1' } } });
      const said = await says(desk, 'bob', `redact INC-1 ${seq} a password`);
      expect(said).toContain('INC-1’s title has the same words: /incident redact INC-1 #1 REASON');
    });

    test('what people write is words: no mention, no link, no end of the program', async () => {
      const desk = await openDesk(engine);
      const said = await says(desk, 'eve', '/report <!channel> *boom* <https://evil|here> on:api');
      expect(said).not.toContain('<!channel>');
      const listed = (await desk.say('eve', '/report list')).text;
      expect(listed).not.toContain('<!channel>');
      expect(listed).toContain('&lt;!channel&gt; *boom*');
      expect(await desk.say('eve', `/report ${'x'.repeat(3000)}`)).toMatchObject({ accepted: false });
      expect(await desk.say('eve', '/report dismiss REP-99')).toMatchObject({ accepted: false });
    });
  });
}
