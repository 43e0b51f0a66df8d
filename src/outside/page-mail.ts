// A page by letter.
import type { EffectKind, Performed } from '../core/effect.js';
import { shorten } from '../core/message.js';
import { oneLine } from '../core/text.js';
import { showBoth } from '../core/time/index.js';
import { slackHeartbeat } from '../features/heartbeat/index.js';
import { incidentKey } from '../features/incident/index.js';
import { pageKey } from '../features/paging/index.js';
import type { Outside } from './context.js';
import { post } from './mail.js';
import { linkFor, type PageScene, sceneOf } from './page-scene.js';
import { pageWaits } from './patience.js';

/** Rings by letter, once for each attempt; there is no letter that it is over. */
export async function pageByMail(
  context: Outside,
  effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  if (effect.what === 'over') return [];
  const sendable = await sceneOf(context.tx, effect);
  if (!sendable) return [];
  const { scene, taken } = sendable;
  const link = linkFor(context, effect.attemptId);
  const { subject, text } = pageLetter(scene, link, context.workspace.zone, context.publicUrl);
  await post(context, { to: scene.attempt.address, subject, text, urgent: true }, pageWaits);
  return taken;
}

const wordsMax = 200;
/** What Andon says of itself, where names and times are in it. */
const ownWordsMax = 400;

/**
 * The letter of a page; of a private incident it says the number and nothing else. What people said is quoted, shortened,
 * and stands on one line below the link: it cannot be taken for Andon’s own words. `link`: null where nobody reaches it.
 * `address`: where Andon is, for then.
 */
export function pageLetter(
  scene: PageScene,
  link: string | null,
  zone: string,
  address: string,
): { subject: string; text: string } {
  const key = pageKey(scene);
  const incident = scene.incident ? incidentKey(scene.incident) : null;
  const what =
    scene.words === null
      ? `${incident ?? 'It'} is private, so this letter does not say what it is about.`
      : `${[incident ?? key, scene.severity].filter(Boolean).join(' ')}: ${quoted(scene, scene.words)}`;
  const round = scene.attempt.round > 0 ? `, round ${scene.attempt.round + 1}` : '';
  const lines = [
    what,
    '',
    ...answerLines(scene, link, address),
    '',
    ...(scene.reason ? [`Why you: ${quoted(scene, scene.reason)}`] : []),
    calledLine(scene, zone),
    `You are called at level ${scene.attempt.level + 1}${round}.`,
    '',
    nextLine(scene, zone),
    ...(scene.listed.length > 0 ? ['', 'Reported:', ...scene.listed] : []),
  ];
  const subject = [`[${key}]`, scene.severity, scene.words ?? incident ?? 'a private incident'];
  // Whatever is in a line, it stays one.
  return { subject: oneLine(subject.filter(Boolean).join(' ')), text: `${lines.map(oneLine).join('\n')}\n` };
}

// Whoever is called because Slack is not heard is not sent there.
function answerLines(scene: PageScene, link: string | null, address: string): string[] {
  const key = pageKey(scene);
  const slackFails = scene.cause.kind === 'heartbeat' && scene.cause.name === slackHeartbeat;
  if (link === null) {
    // No link: on whoever reads it, it would lead to their own machine.
    const where = `${new URL(address).host} on the machine where Andon runs`;
    const byHttp = `POST /api/v1/pages/${scene.number}/ack to ${where}, with a token of scope incidents:write`;
    return slackFails
      ? [`Say that you have it: ${byHttp}.`]
      : [`Say that you have it, in Slack: /incident ack ${key}`, `or where Slack does not work: ${byHttp}.`];
  }
  const inSlack = slackFails ? [] : [`or in Slack: /incident ack ${key}`];
  return ['Say that you have it, also where Slack does not work:', link, ...inSlack];
}

function quoted({ cause }: PageScene, words: string): string {
  const limit = cause.kind === 'person' ? wordsMax : ownWordsMax;
  return `“${shorten(oneLine(words).replace(/[“”]/g, '"'), limit)}”`;
}

function calledLine({ words, openedBy, openedAt, target }: PageScene, zone: string): string {
  const since = showBoth(openedAt, zone);
  if (words === null) return `Somebody is called since ${since}.`;
  const whom = target.kind === 'person' ? target.name : `the ${target.kind} ${target.name}`;
  return `${openedBy} calls ${target.kind === 'default' ? 'whoever is on call' : whom} since ${since}.`;
}

function nextLine({ words, next, nextAt }: PageScene, zone: string): string {
  const when = nextAt ? ` by ${showBoth(nextAt, zone)}` : '';
  if (next === null) return `If nobody says so${when}, everybody is called again.`;
  return `If nobody says so${when}, the next are called${words === null ? '' : `: ${next.join(', ')}`}.`;
}
