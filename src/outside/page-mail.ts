// A page by letter.
import type { EffectKind, Performed } from '../core/effect.js';
import { showUnderstood } from '../core/time/index.js';
import { incidentKey } from '../features/incident/index.js';
import { pageKey } from '../features/paging/index.js';
import { post } from './mail.js';
import { type PageScene, sceneOf } from './page-scene.js';
import { pageWaits } from './patience.js';
import type { Outside } from './perform.js';

/** Rings by letter, once for each attempt; there is no letter that it is over. */
export async function pageByMail(
  context: Outside,
  effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  if (effect.what === 'over') return [];
  const sendable = await sceneOf(context.tx, effect);
  if (!sendable) return [];
  const { scene, taken } = sendable;
  const { subject, text } = pageLetter(scene, context.links.to(effect.attemptId), context.workspace.zone);
  await post(context, { to: scene.attempt.address, subject, text, urgent: true }, pageWaits);
  return taken;
}

/** The letter of a page; of a private incident it says the number and nothing else. */
export function pageLetter(scene: PageScene, link: string, zone: string): { subject: string; text: string } {
  const key = pageKey(scene);
  const incident = scene.incident ? incidentKey(scene.incident) : null;
  const what =
    scene.words === null
      ? `${incident ?? 'It'} is private, so this letter does not say what it is about.`
      : `${[incident, scene.severity].filter(Boolean).join(' ')}${incident || scene.severity ? ': ' : ''}${scene.words}`;
  const round = scene.attempt.round > 0 ? `, round ${scene.attempt.round + 1}` : '';
  const lines = [
    what,
    ...(scene.reason ? [`Why you: ${scene.reason}`] : []),
    '',
    calledLine(scene, zone),
    `You are called at level ${scene.attempt.level + 1}${round}.`,
    '',
    'Say that you have it, also where Slack does not work:',
    link,
    `or in Slack: /incident ack ${key}`,
    '',
    nextLine(scene, zone),
  ];
  const subject = [`[${key}]`, scene.severity, scene.words ?? incident ?? 'a private incident'];
  return { subject: subject.filter(Boolean).join(' '), text: `${lines.join('\n')}\n` };
}

function calledLine({ words, openedBy, openedAt, target }: PageScene, zone: string): string {
  const since = inZone(openedAt, zone);
  if (words === null) return `Somebody is called since ${since}.`;
  const whom = target.kind === 'person' ? target.name : `the ${target.kind} ${target.name}`;
  return `${openedBy} calls ${target.kind === 'default' ? 'whoever is on call' : whom} since ${since}.`;
}

function nextLine({ words, next, nextAt }: PageScene, zone: string): string {
  const when = nextAt ? ` by ${inZone(nextAt, zone)}` : '';
  if (next === null) return `If nobody says so${when}, everybody is called again.`;
  return `If nobody says so${when}, the next are called${words === null ? '' : `: ${next.join(', ')}`}.`;
}

function inZone(at: Date, zone: string): string {
  return showUnderstood({ at, until: null, precision: 'exact', asWritten: '' }, zone);
}
