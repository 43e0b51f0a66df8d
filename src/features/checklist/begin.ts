// The rules of beginning a checklist: which there is, and who is told of their steps. Pure.

import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { isInSlack } from '../../core/fact.js';
import { line, list, type Message, message, type Span, say, shorten } from '../../core/message.js';
import { counted, quoted } from '../../core/text.js';
import { about, done, type Incident, incidentKey, type OnIncident } from '../incident/index.js';
import * as facts from './facts.js';
import {
  type ChecklistEntry,
  type Holder,
  ownerOf,
  progress,
  type Run,
  type RunStep,
  withLines,
} from './words.js';

const shownMax = 8;
const textMax = 100;

/** What is known where a checklist is begun. */
export interface BeginState {
  readonly incident: Incident;
  readonly defined: readonly ChecklistEntry[];
  readonly runs: readonly Run[];
  readonly holders: readonly Holder[];
  /** Slack's ids of those who may see it, where it is private; null where everybody may. */
  readonly members: ReadonlySet<string> | null;
  /** Those who are in it, where it is a drill: nobody else is told. */
  readonly drill: ReadonlySet<string> | null;
}

/** Begins a checklist of the catalogue, with its steps as they are. */
export function decideBegin(
  state: BeginState,
  input: OnIncident & { readonly checklist: string },
  ask: Ask,
): Decision {
  const { incident, defined, runs, holders, members } = state;
  const name = input.checklist;
  const entry =
    defined.find((each) => each.name === name) ??
    defined.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!entry) return refuse(unknown(name, defined), 'checklist');
  const running = runs.find((each) => each.name === entry.name && each.endedAt === null);
  if (running)
    return refuse(
      say(
        `${entry.name} is under way in ${incidentKey(incident)}: ${progress(running)}. Nothing was done. `,
        { code: `/incident checklists INC-${incident.number}` },
        ' shows it.',
      ),
      'checklist',
    );
  const told = toldOwners(entry.steps, holders).filter(({ person }) => members?.has(person.id) ?? true);
  const begun = facts.checklistBegun(
    { number: incident.number, name: entry.name, title: entry.title, steps: [...entry.steps], told },
    about(incident, input.at),
  );
  return accept([begun], begunReply(state, entry, told, input, ask));
}

// Who has which of these steps, in the order of their first.
function toldOwners(steps: readonly Pick<RunStep, 'owner'>[], holders: readonly Holder[]): facts.ToldOwner[] {
  const all = new Map<string, { person: { id: string; name: string }; steps: number[] }>();
  steps.forEach(({ owner }, at) => {
    const person = ownerOf(owner, holders);
    if (!person || !isInSlack(person.id)) return;
    const known = all.get(person.id) ?? { person, steps: [] };
    known.steps.push(at + 1);
    all.set(person.id, known);
  });
  return [...all.values()];
}

function begunReply(
  { incident, holders, members, drill }: BeginState,
  entry: ChecklistEntry,
  told: readonly facts.ToldOwner[],
  input: OnIncident,
  ask: Ask,
): Message {
  const roles = [
    ...new Set(
      entry.steps.flatMap(({ owner }) =>
        owner && 'role' in owner && !ownerOf(owner, holders) ? [owner.role] : [],
      ),
    ),
  ];
  const owners = toldOwners(entry.steps, holders);
  const untold = members ? owners.filter(({ person }) => !members.has(person.id)) : [];
  const strangers = entry.steps.flatMap(({ owner }, at) =>
    owner && !('role' in owner) && owner.id === null ? [`${owner.name} (step ${at + 1})`] : [],
  );
  const head = done(
    `The checklist ${entry.name} is begun in ${incidentKey(incident)}: ${counted(entry.steps.length, 'step')}. \`/incident check ${quoted(entry.name)} 1\` says that the first is done.`,
    input,
    ask,
  );
  const heard = told.filter(({ person }) => drill?.has(person.id) ?? true);
  const spared = told.filter((each) => !heard.includes(each));
  const listed = (all: typeof told) =>
    all.map(({ person, steps }) => `${person.name} (${numbers(steps)})`).join(', ');
  return withLines(
    head,
    heard.length > 0 && `Told: ${listed(heard)}.`,
    spared.length > 0 && `Not told, for they are not in this drill: ${listed(spared)}.`,
    roles.length > 0 &&
      `Nobody is ${roles.join(' or ')} yet; who takes it is told of its steps: /incident role ${roles[0]} @user.`,
    strangers.length > 0 &&
      `Slack knows no ${strangers.join(', no ')}, so nobody is told of that. Write whom it knows in the catalogue’s file.`,
    untold.length > 0 &&
      `Not told, for they are not in this private incident: ${untold.map(({ person }) => person.name).join(', ')}. Invite them into the channel; they hear of their steps then.`,
  );
}

function unknown(name: string, defined: readonly ChecklistEntry[]): Message {
  if (defined.length === 0)
    return say(
      `There is no checklist “${shorten(name, 60)}”: the catalogue has none yet. Nothing was done. Write them under “checklists:” in the catalogue’s file and say `,
      { code: 'andon catalog import FILE' },
      '.',
    );
  return message(
    line(`There is no checklist “${shorten(name, 60)}”. Nothing was done. There are:`),
    list(
      defined
        .slice(0, shownMax)
        .map((each): Span[] => [{ bold: each.name }, `: ${shorten(each.title, textMax)}`]),
    ),
    line('Another one is added in the catalogue’s file: ', { code: 'andon catalog import FILE' }, '.'),
  );
}

function numbers(steps: readonly number[]): string {
  return `${steps.length === 1 ? 'step' : 'steps'} ${steps.join(', ')}`;
}
