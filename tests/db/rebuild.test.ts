// Rebuilding: the rows made again from the record are the rows as they were, and the world is told nothing twice.
import { describe, expect, test, vi } from 'vitest';
import { rebuild } from '../../src/db/rebuild.js';
import { execute, projectFacts } from '../../src/execute.js';
import { readCatalog } from '../../src/features/catalog/index.js';
import { importCatalog } from '../../src/features/catalog-people/index.js';
import { askGate } from '../../src/features/gate/index.js';
import { recordMember } from '../../src/features/incident/index.js';
import { features } from '../../src/features/index.js';
import {
  effectGivenUp,
  fileUploaded,
  messagePosted,
  placeOpened,
  placeStream,
  recordResult,
} from '../../src/features/places/index.js';
import { messageTaken } from '../../src/features/sources/facts.js';
import { deliver, heard } from '../features/alerts/help.js';
import { engines } from '../helpers/databases.js';
import { type Desk, dump, machineryTables, openDesk, people, stateTables } from '../helpers/desk.js';

// One long story of every kind of fact.
vi.setConfig({ testTimeout: 180_000 });

const ofPeople = `
roles: { liaison: Tell the partners. }
checklists: { rollback: { steps: [Stop the pipeline, { text: Look at the list, owner: "@ana", second: true }] } }
schedules: { primary: { zone: Europe/Berlin, ical: "https://example.com/oncall.ics" } }
escalations: { all: { for: [default, service:api], levels: [{ who: [schedule:primary, "@bob"], minutes: 5 }] } }
monitors: { prometheus: { watches: [api], depends_on: [proxy], runs_on: [prod/eks], heartbeat: watchdog } }
settings: { updates: { SEV1: 15m, SEV4: off } }
`;

/** What Slack would have answered: a place, a message that was posted, later moved, a file, and two refusals. */
async function slackAnswered(desk: Desk, incidentId: string): Promise<void> {
  const stream = placeStream(incidentId);
  const slot = `summary/${incidentId}`;
  const refusal = {
    incidentId,
    effect: 'bookmark',
    method: 'bookmarks.add',
    error: 'missing_scope',
    needed: 'bookmarks:write',
  };
  const taken = {
    ...{ channelId: 'C1', ts: '3.3', threadTs: null, kind: 'note' as const, text: 'it is the proxy' },
    ...{ author: { id: 'U0EVE', name: 'Eve' }, files: [], permalink: null, edited: null },
    ...{ number: 1, by: ['reaction:U0ANA'], from: 'here' as const },
  };
  for (const facts of [
    [
      placeOpened(
        { incidentId, kind: 'channel', channelId: 'C1', channelName: 'inc-1', threadTs: null },
        { stream },
      ),
    ],
    [messagePosted({ incidentId, slot, channelId: 'C1', ts: '1.1' }, { stream })],
    [messagePosted({ incidentId, slot, channelId: 'C1', ts: '2.2' }, { stream })],
    [fileUploaded({ incidentId, fileId: 'F1', format: 'md', channelId: 'C1' }, { stream })],
    [effectGivenUp(refusal, { stream })],
    [effectGivenUp(refusal, { stream })],
    [messageTaken(taken, { stream: `incident/${incidentId}`, incidentId })],
  ]) {
    await execute(desk.kernel, recordResult.given(facts), desk.ask());
  }
}

/** Three pipelines ask about what is frozen; then it thaws, one goes and one is taken out. */
async function atTheGate(desk: Desk): Promise<void> {
  desk.at('12:59');
  const line = async (text: string) => {
    const { accepted, text: reply } = await desk.say('ana', text);
    if (!accepted) throw new Error(`${text}: ${reply}`);
  };
  await line('/freeze on the shop is moved on:shop/prod for:1h');
  const { number } = await desk.db.read.freeze.findFirstOrThrow({ orderBy: { number: 'desc' } });
  const ask = async (key: string | null, callback: { kind: string } | null = null) => {
    const question = {
      ...{ source: 'ci', key, kind: 'deploy' as const, title: 'Deploy shop', actor: null, url: null },
      targets: [{ service: 'shop', environment: 'production', cluster: '' }],
      ...{ artifact: 'v1', previousArtifact: null, rollback: false },
      ...{ exception: null, change: null, drill: false },
    };
    await desk.execute(askGate.given({ question, callback, vouched: true }), desk.ask());
  };
  await ask(null);
  await ask('shop-1', { kind: 'test' });
  desk.at('13:00');
  await ask('shop-2');
  await ask('shop-3');
  await line(`/freeze lift FRZ-${number}`);
  await desk.turn();
  await line('/freeze drop shop-3');
  desk.at('13:02');
  await desk.turn();
  await ask('shop-2');
}

async function wholeIncident(desk: Desk): Promise<void> {
  const lines: [keyof typeof people, string, string][] = [
    [
      'ana',
      '10:45',
      'declare writes are stuck sev:1 on:api/prod,web/prod/eu-1 started:10:22 UTC detected:10:37 UTC',
    ],
    ['ana', '10:46', 'declare the keys leaked private drill'],
    ['bob', '10:47', 'ack INC-1'],
    ['ana', '10:48', 'role INC-1 commander me'],
    ['ana', '10:48', 'role INC-2 scribe @bob'],
    ['bob', '10:50', 'note INC-1 10:22-10:37 UTC observation: the deploy tool deletes the cluster'],
    ['bob', '10:51', 'note INC-1 ~10:20 UTC hypothesis: the disk is full'],
    ['bob', '10:52', 'note INC-1 TBC decision: rebuild from backup'],
    ['eve', '10:53', 'strike INC-1 4 it has room'],
    ['ana', '10:55', 'severity INC-1 2 reads work'],
    ['ana', '11:00', 'status INC-1 identified a bad merge'],
    ['ana', '11:05', 'affects INC-1 api/prod degraded at:11:02 UTC'],
    ['ana', '11:06', 'started INC-1 10:20 UTC'],
    ['ana', '11:10', 'role INC-1 commander @bob'],
    ['bob', '11:20', 'status INC-1 monitoring'],
    ['bob', '11:30', 'status INC-1 investigating it came back'],
    ['bob', '11:40', 'affects INC-1 web/prod/eu-1 operational'],
    ['bob', '11:50', 'mitigated INC-1 11:45 UTC'],
    ['bob', '12:00', 'resolve INC-1 writes are back'],
    ['bob', '12:10', 'status INC-1 monitoring not quite'],
    ['bob', '12:20', 'resolve INC-1 at:12:15 UTC'],
    ['ana', '12:30', 'note INC-1 مرحبا 🔥 <!channel> '],
    ['bob', '12:31', 'correct INC-1 6 10:24-10:37 UTC the deploy tool deleted the cluster'],
    ['bob', '12:32', 'note INC-1 11:15 the password is hunter2'],
    ['bob', '12:33', 'correct INC-1 #22 the password is hunter3'],
    ['ana', '12:34', 'redact INC-1 23 a password'],
    ['ana', '12:34', 'note INC-1 11:16 the proxy restarts'],
    ['ana', '12:35', 'shift INC-1 -1h'],
    ['eve', '12:36', 'note INC-1 a slip'],
    ['eve', '12:36', 'undo INC-1'],
    ['eve', '12:37', 'role INC-1 operations me'],
    ['eve', '12:37', 'undo INC-1'],
    ['eve', '12:38', 'link INC-1 https://example.com/graph latency'],
    ['eve', '12:38', 'declare the proxy is slow'],
    ['eve', '12:39', 'declare reads are slow on:api/prod'],
    ['eve', '12:39', 'merge INC-3 INC-4'],
    ['eve', '12:39', 'reopen INC-3 it is another thing'],
    ['eve', '12:39', 'affects INC-3 web/prod degraded at:TBC'],
    ['eve', '12:39', 'role INC-3 commander me at:TBC'],
    ['eve', '12:39', 'resolve INC-3 at:TBC'],
    ['eve', '12:39', 'resolve INC-4 at:12:39 UTC'],
    ['eve', '12:39', 'status INC-4 identified at:12:20 UTC'],
    ['eve', '12:39', 'resolve INC-4 at:12:30 UTC'],
    ['ana', '12:39', 'redact INC-1 9 a name in the status'],
    ['ana', '12:40', 'export INC-1 json'],
    ['ana', '12:50', 'status INC-2 closed'],
    ['ana', '12:51', '/change service db owner:@bob tier:1'],
    ['ana', '12:51', '/change service api owner:@ana,@bob needs:db,cache on:prod/eks channel:#api'],
    ['bob', '12:52', '/change service api team:Platform needs:db'],
    ['bob', '12:52', '/change service old owner:me'],
    ['bob', '12:52', '/change remove old'],
    ['bob', '12:53', '/change environment eu tier:production aliases:europe'],
    ['bob', '12:53', '/change cluster eks in:prod owner:@ana'],
    ['bob', '12:54', '/change limits service:1'],
    ['bob', '12:54', '/change support channel:#support people:@ana'],
    ['bob', '12:55', '/change announce a new build kind:deploy on:api/prod begun'],
    ['eve', '12:56', 'reopen INC-1 it is slow again'],
    ['eve', '12:56', 'suspect INC-1 CHG-1 related'],
    ['ana', '12:57', '/change announce upgrade the cluster on:k8s/prod/eu at:14:00 UTC for:2h cover:@bob'],
    ['bob', '12:57', '/change move CHG-2 15:00 UTC'],
    ['bob', '12:57', '/change describe CHG-2 reversible:no on:k8s/prod/eu,db/prod'],
    ['ana', '12:57', '/change start CHG-2'],
    ['ana', '12:57', '/change running CHG-2 for:1h'],
    ['ana', '12:57', '/change fail CHG-2 the nodes do not join'],
    ['bob', '12:57', '/change rollback CHG-2'],
    ['ana', '12:58', '/freeze on rebuilding eks on:*/prod/eks for:1h'],
    [
      'bob',
      '12:58',
      '/freeze on nights every:"weekday 12:00 to 08:00" zone:UTC except:api/prod soft owner:@ana',
    ],
    ['ana', '12:58', '/freeze on maintenance on:db/prod for:1m'],
    ['bob', '12:58', '/freeze except FRZ-1 on:api/prod/eks the certificate expires tonight uses:2'],
    ['ana', '12:58', '/freeze approve EXC-1 go ahead'],
    ['bob', '12:58', '/freeze revoke EXC-1 done by hand'],
    ['bob', '12:58', '/freeze except FRZ-1 on:web/prod/eks the banner is out of date'],
    ['ana', '12:58', '/freeze deny EXC-2 it can wait'],
    ['bob', '12:58', '/freeze break FRZ-1 on:k8s/prod/eks the fix for the writes must go out'],
    ['ana', '12:58', '/freeze review EXC-3 it was needed'],
    ['ana', '12:58', '/freeze extend FRZ-1 for:30m'],
    ['bob', '12:58', '/freeze lift FRZ-1 it runs'],
    ['ana', '12:58', 'heartbeat nightly-backup every:1d service:db'],
    ['ana', '12:58', 'heartbeat old-probe every:1h'],
    ['ana', '12:58', 'pause nightly-backup for:2h the disk is changed'],
    ['ana', '12:58', 'forget old-probe'],
    ['ana', '12:58', 'define bridge Open the call.'],
    ['ana', '12:58', 'permit approve_exception <!subteam^S0SRE0001|@sre>'],
    ['ana', '12:58', 'task INC-1 restore the backup owner:@bob due:14:00 UTC'],
    ['ana', '12:58', 'task INC-1 look at the graphs'],
    ['bob', '12:58', 'followup INC-1 alert on a full disk owner:@eve'],
    ['bob', '12:58', 'done INC-1 T1 it is restored'],
    ['bob', '12:58', 'handover INC-1 commander @eve'],
    ['bob', '12:58', 'handover INC-1 commander @ana'],
    ['ana', '12:58', 'accept INC-1 commander'],
    ['ana', '12:58', '/report it is slow on:shipping'],
    ['bob', '12:58', '/report slow here too on:shipping'],
    ['eve', '12:58', '/report belongs REP-2 INC-3'],
    ['ana', '12:58', 'checklist INC-1 rollback'],
    ['bob', '12:58', 'check INC-1 rollback 2 it is right'],
    ['ana', '12:58', 'second INC-1 rollback 2'],
    ['ana', '12:58', 'skip INC-1 rollback 1 there is none'],
    ['eve', '12:58', 'subscribe on:api env:prod sev:2'],
    ['ana', '12:58', 'update INC-1 we are on it next:2h'],
    ['ana', '12:58', 'duty primary @bob for:8h'],
    ['ana', '12:58', 'contact mail:ana@example.com'],
    ['ana', '12:58', 'page INC-1 @bob the disk is full'],
    ['ana', '12:58', 'page @eve look at the graphs'],
    ['ana', '12:58', 'escalate PAGE-1'],
    ['bob', '12:58', 'ack PAGE-1'],
    ['ana', '12:58', 'withdraw PAGE-2 it is seen'],
    ['ana', '12:58', 'redact PAGE-2 a name'],
    ['ana', '12:58', 'redact heartbeat:nightly-backup a name'],
    ['eve', '12:59', 'resolve INC-1'],
  ];
  await desk.execute(importCatalog.given(readCatalog(ofPeople, 'people.yaml')), desk.ask());
  for (const [person, time, line] of lines) {
    desk.at(time);
    const said = await desk.say(person, line);
    if (!said.accepted) throw new Error(`${line}: ${said.text}`);
  }
  await deliver(desk, [heard(), heard({ fingerprint: 'f2', service: 'shipping' })]);
  await deliver(desk, [heard({ status: 'resolved' })]);
  await atTheGate(desk);
  await desk.turn();
  const [first] = await desk.db.read.incident.findMany({ orderBy: { number: 'asc' } });
  await slackAnswered(desk, first?.id ?? '');
}

for (const engine of engines) {
  describe(engine, () => {
    test('after a whole incident every row of state is made again as it was, and nothing else changes', async () => {
      const desk = await openDesk(engine);
      await wholeIncident(desk);
      const state = await dump(desk.db, stateTables);
      for (const [table, rows] of Object.entries(state))
        expect(rows.length, `${table} was used`).toBeGreaterThan(0);
      const machinery = await dump(desk.db, machineryTables);
      const facts = await desk.db.read.fact.count();

      expect(await rebuild(desk.db, features, projectFacts)).toBe(facts);
      expect(await dump(desk.db, stateTables)).toEqual(state);
      // No job, no request, no number: rebuilding never reacts.
      expect(await dump(desk.db, machineryTables)).toEqual(machinery);
    });

    test('rows that were changed or lost by hand are mended', async () => {
      const desk = await openDesk(engine);
      await wholeIncident(desk);
      const state = await dump(desk.db, stateTables);
      await desk.db.write(async (tx) => {
        await tx.incident.updateMany({ data: { title: 'tampered', status: 'closed' } });
        await tx.entry.deleteMany({ where: { seq: { gt: 3 } } });
        await tx.member.create({
          data: { id: 'x', workspaceId: desk.workspace.id, incidentId: 'x', userId: 'U0EVE' },
        });
      });
      expect(await dump(desk.db, stateTables)).not.toEqual(state);
      await rebuild(desk.db, features, projectFacts);
      expect(await dump(desk.db, stateTables)).toEqual(state);
    });

    test('a rebuild that fails half-way leaves the rows that were', async () => {
      const desk = await openDesk(engine);
      await wholeIncident(desk);
      const before = await dump(desk.db);
      const failing = rebuild(desk.db, features, async (all, tx, facts) => {
        await projectFacts(all, tx, facts.slice(0, 3));
        throw new Error('out of disk');
      });
      await expect(failing).rejects.toThrow('out of disk');
      expect(await dump(desk.db)).toEqual(before);
    });

    test('who joined and left a private incident is made again too', async () => {
      const desk = await openDesk(engine);
      await desk.say('ana', 'declare the keys leaked private');
      await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId: 'C1' } }));
      for (const [person, joined] of [
        [people.bob, true],
        [people.eve, true],
        [people.bob, false],
      ] as const)
        await desk.execute(recordMember.given({ channelId: 'C1', person, joined }), desk.ask());
      const members = await dump(desk.db, ['member']);
      expect(members.member).toHaveLength(2);
      await rebuild(desk.db, features, projectFacts);
      expect(await dump(desk.db, ['member'])).toEqual(members);
    });

    test('every table of state is some feature’s to empty', () => {
      const emptied = features.flatMap((each) => [...(each.tables ?? []), ...(each.sharedTables ?? [])]);
      expect([...emptied].sort()).toEqual([...stateTables].sort());
    });
  });
}
