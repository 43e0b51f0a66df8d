// What a change looks like: its one message in the channel of changes, and all that is known of it.
import type { View } from '../../core/feature.js';
import {
  type ButtonSpec,
  buttons,
  line,
  list,
  type Message,
  message,
  type Part,
  type Span,
  shorten,
} from '../../core/message.js';
import { fewNames } from '../../core/text.js';
import { showDuration, showInstant } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { neighboursOf } from '../catalog/index.js';
import { type Component, componentName, incidentKey } from '../incident/index.js';
import {
  conflictSpans,
  conflictsShown,
  freezeMarks,
  kindPhrase,
  moreConflicts,
  placesText,
  stateSpans,
} from './phrases.js';
import { type Change, changeSlot, componentsOf } from './store.js';
import { changeKey, isAttended, isOver, ownSource, stateName } from './words.js';

const artifactShown = 200;
const componentsListed = 30;
/** More than so many in a message nobody reads. */
const conflictsListed = 6;

/** The message of a change in the channel: what, where, whose, when, its state now, and what it collides with. */
export const changeView: View = async (tx, id) => {
  const change = await tx.change.findUnique({ where: { id } });
  if (!change || !(await isPosted(tx, change))) return null;
  const components = await componentsOf(tx, id);
  const conflicts = change.state === 'planned' || change.state === 'started' ? conflictsShown(change) : [];
  return message(
    line({ bold: `${changeKey(change)} ${change.title}` }),
    line(...stateSpans(change)),
    line(
      `${kindPhrase(change.kind)} · ${placesText(components)} · owner: `,
      ownerSpan(change),
      ...coverSpans(change),
    ),
    change.stateText ? line(`“${shorten(change.stateText, 500)}”`) : null,
    ...freezeParts(change),
    ...linkParts(change),
    ...validationParts(change),
    conflicts.length > 0 && line({ bold: 'Collides:' }),
    list(conflicts.slice(0, conflictsListed).map(conflictSpans)),
    ...moreConflicts(conflicts.length - conflictsListed, changeKey(change)),
    stepButtons(change),
  );
};

/** Whether a change has, or is to have, a message in the channel: what alters production does. */
export async function isPosted(tx: Tx, change: Change): Promise<boolean> {
  if (change.production && !change.unchanged) return true;
  const { workspaceId } = change;
  return (await tx.posted.count({ where: { workspaceId, slot: changeSlot(change.id) } })) > 0;
}

/** All that is known of a change, for the one who asks. */
export async function changeDetails(tx: Tx, change: Change, zone: string): Promise<Message> {
  const components = await componentsOf(tx, change.id);
  const services = [...new Set(components.map((each) => each.service))];
  const { services: known } = await neighboursOf(tx, change.workspaceId, services);
  const unknown = services.filter((name) => !known.has(name));
  const back = change.rollbackOfId
    ? await tx.change.findUnique({ where: { id: change.rollbackOfId } })
    : null;
  const instants = timesOf(change);
  const caused = await causedBy(tx, change);
  return message(
    line({ bold: `${changeKey(change)} ${change.title}` }),
    line(
      { bold: stateName(change.state) },
      ` · ${kindPhrase(change.kind)} · ${change.production ? 'production' : 'not production'}${change.unchanged ? ' · what runs is what ran before' : ''}`,
    ),
    change.stateText ? line(`“${change.stateText}”`) : null,
    line(
      `Where: ${whereText(components)}`,
      unknown.length > 0 ? `. Not in the catalogue: ${unknown.join(', ')}` : '',
    ),
    line(
      'Owner: ',
      ownerSpan(change),
      `; announced by ${change.announcedByName} `,
      { at: change.announcedAt },
      ...coverSpans(change),
    ),
    ...instants.map(([name, at]) => line(`${name}: `, { at }, ` — ${showInstant(at, zone)}`)),
    lengthLine(change),
    ...freezeParts(change),
    ...linkParts(change),
    line(
      `Can it be taken back? ${reversibleWords[change.reversible] ?? 'Nobody said'}.`,
      back ? ` It takes back ${changeKey(back)}.` : '',
    ),
    ...validationParts(change),
    caused.length > 0 && line({ bold: `Confirmed as a cause of ${caused.join(', ')}.` }),
    conflictsShown(change).length > 0 && line('Collided when it was last looked at:'),
    list(conflictsShown(change).map(conflictSpans)),
    change.source === ownSource
      ? line('Told by people, in Andon.')
      : line(`Told by ${change.source}, as ${change.key}.`),
    stepButtons(change),
  );
}

// Of incidents that everybody may see: that a change caused a private one would tell that there was one.
async function causedBy(tx: Tx, { workspaceId, id: changeId }: Change): Promise<string[]> {
  const confirmed = await tx.suspect.findMany({ where: { workspaceId, changeId, answer: 'cause' } });
  if (confirmed.length === 0) return [];
  const incidents = await tx.incident.findMany({
    where: {
      ...{ workspaceId, private: false, drill: false, mistaken: false },
      id: { in: confirmed.map((each) => each.incidentId) },
    },
    orderBy: { number: 'asc' },
  });
  return incidents.map(incidentKey);
}

const reversibleWords: Readonly<Record<string, string>> = { yes: 'Yes', no: 'No' };

function ownerSpan(change: Change): Span {
  return change.ownerId ? { person: change.ownerId, name: change.ownerName } : change.ownerName;
}

function coverSpans(change: Change): Span[] {
  const who: Span = change.coverId
    ? { person: change.coverId, name: change.coverName ?? change.coverId }
    : 'nobody';
  if (change.cover === 'given') return [' · cover: ', who];
  // Nobody is needed any more.
  if (isOver(change.state)) return [];
  if (change.cover === 'asked') return [' · cover: ', who, ', asked, no answer yet'];
  if (change.cover === 'declined') return [' · cover: ', who, ' cannot'];
  return isAttended(change.kind)
    ? [' · cover: nobody yet, ', { code: `/change cover ${changeKey(change)}` }]
    : [];
}

function freezeParts(change: Change): Part[] {
  const marks = freezeMarks(change);
  return marks.length > 0
    ? [
        line({
          bold: `It ${marks.map((each) => (each.startsWith('the') ? `was ${each}` : each)).join(', and ')}.`,
        }),
      ]
    : [];
}

function linkParts(change: Change): Part[] {
  const { artifact, previousArtifact, url } = change;
  const ran = previousArtifact ? `${shorten(previousArtifact, artifactShown)} → ` : '';
  return [
    ...(artifact ? [line('Artifact: ', { code: `${ran}${shorten(artifact, artifactShown)}` })] : []),
    // Where a link goes is what it says.
    ...(url ? [line({ url, label: url })] : []),
  ];
}

function validationParts(change: Change): Part[] {
  const { validation, validatedById, validatedByName, validatedAt } = change;
  if (validation === 'good' || validation === 'bad') {
    const who: Span = validatedById
      ? { person: validatedById, name: validatedByName ?? validatedById }
      : (validatedByName ?? 'somebody');
    const verdict = validation === 'good' ? 'everything still works' : 'something is wrong';
    return [line('Validated by ', who, `: ${verdict}`, ...(validatedAt ? [', ', { at: validatedAt }] : []))];
  }
  if (change.state !== 'validating') return [];
  const key = changeKey(change);
  return [
    line(
      'Nobody has said yet whether everything still works: ',
      { code: `/change validate ${key} good` },
      ' or ',
      {
        code: `/change validate ${key} bad`,
      },
    ),
  ];
}

function stepButtons(change: Change): Part | null {
  const key = changeKey(change);
  const specs: Record<string, ButtonSpec[]> = {
    planned: [
      { label: `${key} begins`, command: `/change start ${key}` },
      { label: `Cancel ${key}`, command: `/change cancel ${key}` },
    ],
    started: [
      { label: `${key} is done`, command: `/change done ${key}` },
      { label: `${key} failed`, command: `/change fail ${key}` },
      { label: `${key} was rolled back`, command: `/change rollback ${key}` },
    ],
    failed: [{ label: `${key} was rolled back`, command: `/change rollback ${key}` }],
  };
  const shown = specs[change.state];
  return shown ? buttons(...shown) : null;
}

function timesOf(change: Change): [string, Date][] {
  const named: [string, Date | null][] = [
    ['Planned start', change.plannedStart],
    ['Planned end', change.plannedEnd],
    ['Began', change.startedAt],
    ['Ended', change.finishedAt],
  ];
  return named.flatMap(([name, at]): [string, Date][] => (at ? [[name, at]] : []));
}

function lengthLine({ startedAt, finishedAt }: Change): Part | null {
  if (!startedAt || !finishedAt || finishedAt < startedAt) return null;
  return line(`It took ${showDuration(finishedAt.getTime() - startedAt.getTime())}.`);
}

function whereText(components: readonly Component[]): string {
  if (components.length === 0) return 'nobody said';
  return fewNames(components.map(componentName), componentsListed);
}
