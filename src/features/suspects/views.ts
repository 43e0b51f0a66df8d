// How suspects are shown: in the summary, in `/incident changes`, and to the owner who is asked.
import type { Ask } from '../../core/command.js';
import {
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { changeKey, stateName } from '../change/index.js';
import { type Incident, incidentKey, isOpen, openIncidents } from '../incident/index.js';
import { membersOf, reasonsOf, type Suspect, type Suspects, suspectsOf } from './store.js';
import { type Answer, answerWords, strongPoints } from './words.js';

/** So many stand in the summary; `/incident changes` has all. */
const summaryMax = 4;
const summaryReasons = 3;
/** Of what began after the onset. */
const fixesShown = 2;
const titleShown = 70;
const waitingMax = 10;

/** The part of the summary that says what changed; nothing where the incident was never ranked. */
export async function suspectParts(tx: Tx, incident: Incident): Promise<Part[]> {
  const suspects = await suspectsOf(tx, incident.id);
  const causes = suspects.causes.map(causeLine);
  if (!isOpen(incident.status)) return causes;
  return [...causes, ...openParts(incident, suspects)];
}

function causeLine({ row, change }: Suspect): Part {
  return line(
    { bold: `Cause: ${changeKey(change)}` },
    ` ${shorten(change.title, titleShown)} (${change.ownerName}), confirmed by ${row.answeredByName}`,
  );
}

function openParts(incident: Incident, suspects: Suspects): Part[] {
  const { ranking, ranked, after, causes, others } = suspects;
  if (!ranking) return [];
  if (ranked.length + after.length === 0) {
    if (causes.length > 0) return [];
    return others.length > 0 ? [answeredLine(others)] : noneKnown(incident);
  }
  const [top] = ranked;
  const strong = ranked.filter(isStrong);
  const hidden = Math.max(0, ranked.length - summaryMax);
  const more = hidden > 0 ? `; ${hidden} more with ` : '; all about them: ';
  const which = strong.length > 0 ? 'Suspects' : 'No strong suspect';
  const what = strong.length > 0 ? ', none confirmed' : ranked.length > 0 ? '. What changed last' : '';
  return [
    line({ bold: which }, what, more, { code: '/incident changes' }),
    list(ranked.slice(0, summaryMax).map((each) => suspectSpans(each, summaryReasons))),
    ...(after.length > 0 ? [fixesLine(after)] : []),
    ...(ranked.length > 0 ? [answerLine(ranked)] : []),
    ...(top && isStrong(top) && top.row.answer === null ? [answerButtons(incident, top)] : []),
  ];
}

function answeredLine(others: readonly Suspect[]): Part {
  const said = others.slice(0, summaryMax).map(({ row, change }) => {
    return `${changeKey(change)} was answered: ${answerWords[row.answer as Answer]}`;
  });
  return line({ bold: 'No strong suspect.' }, ` ${said.join('; ')}. All about them: `, {
    code: '/incident changes',
  });
}

function fixesLine(after: readonly Suspect[]): Part {
  const named = after
    .slice(0, fixesShown)
    .map(({ change }) => `${changeKey(change)} ${shorten(change.title, titleShown)} (${change.ownerName})`);
  const what = named.length === 1 ? 'a possible fix' : 'possible fixes';
  return line(`Began after it, ${what}: ${named.join('; ')}`);
}

// Once for all of them: buttons would fill the screen.
function answerLine(ranked: readonly Suspect[]): Part {
  const [only, ...more] = ranked;
  const which = only && more.length === 0 ? changeKey(only.change) : 'CHG-n';
  return line('Answer: ', { code: `/incident suspect ${which} related|unrelated|rollback` });
}

function isStrong({ row }: Suspect): boolean {
  return row.points >= strongPoints;
}

/** What is said where the ledger has nothing near: the people know it, if anybody does. */
function noneKnown(incident: Incident): Part[] {
  return [
    line(
      { bold: 'Andon knows of no change there in the last 24 h.' },
      ' Did anybody deploy, upgrade or change something? Say it: ',
      { code: '/change announce WHAT on:COMPONENT at:20m ago begun' },
      incident.private ? '. Everybody sees a change, so name nothing in it that is private.' : '',
    ),
  ];
}

function suspectSpans({ row, change }: Suspect, reasonsMax: number): Span[] {
  const reasons = reasonsOf(row).slice(0, reasonsMax).join('; ');
  return [
    { bold: changeKey(change) },
    ` ${shorten(change.title, titleShown)} (${change.ownerName})`,
    reasons === '' ? '' : `: ${reasons}`,
    ...saidSpans(row),
  ].filter((span) => span !== '');
}

function saidSpans(row: Suspect['row']): Span[] {
  if (row.answer === null) return [];
  return ['. ', { bold: answerWords[row.answer as Answer] }, ` (${row.answeredByName})`];
}

function answerButtons(incident: Incident, { change }: Suspect): Part {
  const key = changeKey(change);
  const command = (answer: Answer) => `/incident suspect ${incidentKey(incident)} ${key} ${answer}`;
  return buttons(
    { label: `${key} related`, command: command('related') },
    { label: `${key} unrelated`, command: command('unrelated') },
    { label: `Rolling back ${key}`, command: command('rollback') },
  );
}

/** `/incident changes`: all that is known of what changed around an incident, on a phone's screen. */
export async function changesMessage(tx: Tx, incident: Incident): Promise<Message> {
  const suspects = await suspectsOf(tx, incident.id);
  const { ranking, causes, ranked, after, others } = suspects;
  const key = incidentKey(incident);
  if (!ranking && causes.length + others.length === 0)
    return message(line(`The changes around ${key} have not been looked at yet.`), ...noneKnown(incident));
  const empty = causes.length + ranked.length + after.length + others.length === 0;
  const [first] = ranked;
  return message(
    ranking &&
      line({ bold: key }, ` by its onset, `, { at: ranking.onset }, `: ${looked(ranking.considered)}.`),
    ...causes.map(causeLine),
    ...(empty ? noneKnown(incident) : []),
    ranked.length > 0 &&
      line({
        bold: ranked.some(isStrong) ? 'Suspects, none confirmed' : 'No strong suspect; what changed last',
      }),
    list(
      ranked.map((each) => suspectSpans(each, 6)),
      { ordered: true },
    ),
    after.length > 0 && line({ bold: 'Began after it: possible fixes, not suspects' }),
    list(after.map((each) => [...suspectSpans(each, 3), ` · ${stateName(each.change.state)}`])),
    others.length > 0 && line({ bold: 'Answered' }),
    list(others.slice(0, 5).map((each) => suspectSpans(each, 0))),
    first &&
      line(
        'Answer: ',
        { code: `/incident suspect ${changeKey(first.change)} related` },
        ', or unrelated, rollback, cause',
      ),
  );
}

function looked(considered: number): string {
  return considered === 1 ? '1 change was looked at' : `${considered} changes were looked at`;
}

/** Asks the owner of a suspect; once somebody answered, says what. The id is that of the suspect's row. */
export async function askView(tx: Tx, id: string): Promise<Message | null> {
  const row = await tx.suspect.findUnique({ where: { id } });
  const change = row && (await tx.change.findUnique({ where: { id: row.changeId } }));
  const incident = row && (await tx.incident.findUnique({ where: { id: row.incidentId } }));
  if (!row || !change || !incident) return null;
  // Whoever was let out of a private incident since is told no more of it.
  if (incident.private && !(await membersOf(tx, incident.id)).has(change.ownerId ?? '')) return null;
  const [key, name] = [changeKey(change), incidentKey(incident)];
  const about: Span[] = [
    { bold: `${name} ${shorten(incident.title, titleShown)}` },
    ` (${incident.severity}, ${incident.status})`,
  ];
  const yours = line(
    'Your change ',
    { bold: key },
    ` ${shorten(change.title, titleShown)}`,
    ' is one of its suspects: ',
    `${reasonsOf(row).join('; ')}.`,
  );
  const suspect = { row, change };
  if (row.answer !== null)
    return message(
      line(...about),
      yours,
      line(
        `${row.answeredByName} answered: ${key} is ${answerWords[row.answer as Answer]}. To say otherwise: `,
        { code: `/incident suspect ${name} ${key} related` },
      ),
    );
  return message(
    line(...about),
    yours,
    line(
      'Is it related? A guess is welcome; it is called no cause until somebody confirms one. Buttons, or ',
      { code: `/incident suspect ${name} ${key} related` },
      ', unrelated, rollback',
    ),
    answerButtons(incident, suspect),
  );
}

/** What is asked of the one who looks: whether changes of theirs are related to open incidents. */
export async function waitingSection(tx: Tx, ask: Ask): Promise<readonly Part[]> {
  const open = await openIncidents(tx, ask, waitingMax);
  const real = new Map(open.filter((each) => !each.drill).map((each) => [each.id, each]));
  const rows = await tx.suspect.findMany({
    where: {
      incidentId: { in: [...real.keys()] },
      askedAt: { not: null },
      answer: null,
      rank: { not: null },
    },
    orderBy: { id: 'asc' },
  });
  const mine = await tx.change.findMany({
    where: { id: { in: rows.map((row) => row.changeId) }, ownerId: ask.actor.id },
  });
  const changes = new Map(mine.map((each) => [each.id, each]));
  return rows.slice(0, waitingMax).flatMap((row): Part[] => {
    const [change, incident] = [changes.get(row.changeId), real.get(row.incidentId)];
    if (!change || !incident) return [];
    const [key, name] = [changeKey(change), incidentKey(incident)];
    return [
      line(
        'Is your change ',
        { bold: key },
        ` ${shorten(change.title, titleShown)} related to ${name} ${shorten(incident.title, titleShown)}? `,
        { code: `/incident suspect ${name} ${key} related` },
        ', unrelated, rollback',
      ),
      answerButtons(incident, { row, change }),
    ];
  });
}
