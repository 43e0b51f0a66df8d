// A page as a direct message, with a button that says "I have it"; and what it says when it is over.
import type { EffectKind, Performed } from '../core/effect.js';
import { buttons, line, type Message, message, type Span, shorten } from '../core/message.js';
import {
  attemptSlot,
  type Call,
  delivered,
  holderText,
  isRinging,
  levelsOf,
  pathName,
  readCall,
  targetText,
} from '../features/paging/index.js';
import { SlackRefused } from './api.js';
import type { Performing } from './context.js';
import { body, directTo, postMarked } from './post.js';

const reasonShown = 1_000;
const othersShown = 8;

/** Rings in Slack, or edits what rang when it is over. */
export async function pageInSlack(
  context: Performing,
  effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  const call = await readCall(context.tx, effect.attemptId);
  if (!call) return [];
  return effect.what === 'ring' ? ring(context, call) : edit(context, call);
}

// Somebody may have it by now: then nobody is woken.
async function ring(context: Performing, call: Call): Promise<Performed> {
  if (!isRinging(call)) return [];
  const target = await directTo(context, call.attempt.address);
  const posted = await postMarked(context, target, ringing(call));
  return delivered(call, { channelId: posted.channel, ts: posted.ts });
}

async function edit(context: Performing, call: Call): Promise<Performed> {
  const workspaceId_slot = { workspaceId: context.job.workspaceId, slot: attemptSlot(call.attempt.id) };
  const posted = await context.tx.posted.findUnique({ where: { workspaceId_slot } });
  if (!posted) return [];
  const text = body(isRinging(call) ? ringing(call) : over(call));
  try {
    await context.call('chat.update', { channel: posted.channelId, ts: posted.ts, ...text });
  } catch (error) {
    // It was deleted, or is too old: nobody reads it any more.
    if (!(error instanceof SlackRefused)) throw error;
  }
  return [];
}

function ringing(call: Call): Message {
  const { page, key, reason, openedBy } = call;
  const whom =
    page.targetKind === 'person'
      ? 'you'
      : page.targetKind === 'default'
        ? targetText(page)
        : `whoever is on call for ${page.targetName}`;
  return message(
    page.drill && line('This is a drill.'),
    line({ bold: key }, `: ${openedBy} calls ${whom}.`),
    reason !== null && line(shorten(reason, reasonShown)),
    ...aboutIncident(call),
    ...whoElse(call),
    page.nextAt !== null && line(`Unless somebody has it, ${nextText(call)} `, { at: page.nextAt }, '.'),
    buttons(
      { label: 'I have it', command: `/incident ack ${key}`, style: 'primary' },
      { label: 'Pass it on', command: `/incident escalate ${key}` },
    ),
  );
}

function aboutIncident({ incident }: Call) {
  if (!incident) return [];
  if (!incident.shown)
    return [
      line({ bold: incident.key }, ' is private. Whoever has the page is let in, and sees what it is.'),
    ];
  const { title, severity, channelId, channelName } = incident.shown;
  const where: Span[] = channelId ? [' in ', { channel: channelId, name: channelName ?? channelId }] : [];
  return [line({ bold: `${incident.key} ${severity}` }, `: ${title}`, ...where)];
}

function whoElse({ attempt, others }: Call) {
  const isYou = (each: Call['attempt']) => each.toId !== null && each.toId === attempt.toId;
  // A level that is called a second time goes by the same way again.
  const mine = others.filter((each) => isYou(each) && each.path !== attempt.path);
  const ways = [...new Set(mine.map(({ path }) => pathName(path)))];
  const names = [
    ...new Set(others.filter((each) => !isYou(each)).map((each) => each.toName ?? each.address)),
  ];
  return [
    ways.length > 0 && line(`You are called by ${ways.join(' and ')} too.`),
    names.length > 0 && line(`Called with you: ${names.slice(0, othersShown).join(', ')}.`),
  ];
}

function nextText({ page, attempt }: Call): string {
  const last = page.level >= levelsOf(page).length - 1;
  const moved = page.level !== attempt.level || page.round !== attempt.round;
  if (page.drill) return last && !moved ? 'it would begin anew' : 'the next level would be called';
  return last && !moved ? 'it begins anew' : 'the next level is called';
}

// Whoever has it goes on from here: what it is about stays.
function over(call: Call): Message {
  const { page, key, withdrawn, reason, incident } = call;
  if (page.state === 'withdrawn')
    return message(
      line({ bold: key }, ` was withdrawn${withdrawn ? `: ${shorten(withdrawn, reasonShown)}` : '.'}`),
      line('Nothing is left to do.'),
    );
  const since = page.answeredAt ?? page.openedAt;
  return message(
    line({ bold: key }, ': ', { bold: holderText(page) }, ' has it since ', { at: since }, '.'),
    reason !== null && line(shorten(reason, reasonShown)),
    ...(incident?.shown ? aboutIncident(call) : []),
    incident?.shown && line({ code: `/incident brief ${incident.key}` }, ' says where it stands.'),
  );
}
