// A page to a system that calls people: PagerDuty, Opsgenie, or anything that takes a signed request.
import { createHmac } from 'node:crypto';
import type { EffectKind, Performed } from '../core/effect.js';
import { shorten } from '../core/message.js';
import { OutsideRefused, OutsideUnreachable } from '../core/outside.js';
import { oneLine } from '../core/text.js';
import { incidentKey } from '../features/incident/index.js';
import { pageKey } from '../features/paging/index.js';
import type { KnownPager, Outside } from './context.js';
import { type Answer, request, retryAfterMs, TooLong } from './http.js';
import { linkFor, type PageScene, sceneOf } from './page-scene.js';
import { notNow, pageWaits } from './patience.js';

/** What is sent to a pager. */
export interface PagerCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sending {
  readonly pager: KnownPager;
  readonly scene: PageScene;
  readonly what: 'ring' | 'over';
  /** Where whoever was reached says that they have it; null where nobody reaches it. */
  readonly link: string | null;
  /** Seconds of the wire's clock, which whoever checks the signature has too. */
  readonly unix: number;
}

const answerBytesMax = 100_000;
const wordsMax = 200;
/** Opsgenie: 130 characters of a message; PagerDuty: 1,024 of a summary. */
const opsgenieMax = 130;
const pagerdutyMax = 1_024;
/** RFC 9110: it heard us, and asks to come again. */
const comeAgain = new Set([408, 425, 429]);

/** Rings there, or says that it is over. */
export async function pageByWebhook(
  context: Outside,
  effect: Extract<EffectKind, { do: 'page' }>,
): Promise<Performed> {
  const sendable = await sceneOf(context.tx, effect);
  if (!sendable) return [];
  const { scene, taken } = sendable;
  const pager = await context.pager(scene.attempt.address);
  if (!pager) throw new OutsideRefused('webhook', 'no_such_pager', `andon pager create`);
  const link = linkFor(context, effect.attemptId);
  const call = callOf({ pager, scene, what: effect.what, link, unix: Math.floor(Date.now() / 1000) });
  await send(context, pager.kind, call);
  return effect.what === 'over' ? [] : taken;
}

/** Sends it once. Throws OutsideRefused, OutsideBusy or OutsideUnreachable; no redirect is followed. */
export async function send(
  context: Pick<Outside, 'job' | 'note'>,
  method: string,
  call: PagerCall,
): Promise<void> {
  const { url, headers, body } = call;
  const answer = await request(method, url, { method: 'POST', headers, body }, answerBytesMax).catch(
    (error: unknown): Answer => {
      // It answered at length; what it said does not matter to us.
      if (error instanceof TooLong) throw new OutsideRefused(method, 'the answer is too long');
      throw error;
    },
  );
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const words = `${status} ${shorten(oneLine(answer.text), wordsMax)}`.trim();
  if (comeAgain.has(status))
    await notNow(context, method, words, pageWaits, retryAfterMs(answer.headers, Date.now()));
  if (status >= 500) throw new OutsideUnreachable(method, words, true);
  if (status >= 300 && status < 400)
    throw new OutsideRefused(method, `${status}: redirects are not followed`, 'the address itself');
  throw new OutsideRefused(method, words);
}

/** The request that a pager understands. */
export function callOf(sending: Sending): PagerCall {
  if (sending.pager.kind === 'pagerduty') return toPagerduty(sending);
  if (sending.pager.kind === 'opsgenie') return toOpsgenie(sending);
  return signed(sending);
}

/** How a body is signed: the same for whoever checks it. */
export function signatureOf(secret: string, unix: number, body: string): string {
  return `t=${unix},v1=${createHmac('sha256', secret).update(`${unix}.${body}`).digest('hex')}`;
}

const json = { 'content-type': 'application/json' } as const;

function signed({ pager, scene, what, link, unix }: Sending): PagerCall {
  const body = JSON.stringify({
    event: what === 'ring' ? 'page.ringing' : `page.${scene.state}`,
    ...said(scene, link),
  });
  return {
    url: pager.url,
    headers: {
      ...json,
      'andon-signature': signatureOf(pager.secret, unix, body),
      'andon-delivery': `${scene.attempt.id}/${what}`,
    },
    body,
  };
}

// docs: developer.pagerduty.com, Events API v2. Their own words for it: trigger, acknowledge, resolve.
function toPagerduty({ pager, scene, what, link }: Sending): PagerCall {
  const action = what === 'ring' ? 'trigger' : scene.state === 'acknowledged' ? 'acknowledge' : 'resolve';
  const payload = {
    summary: shorten(summaryOf(scene), pagerdutyMax),
    source: 'andon',
    severity: 'critical',
    timestamp: scene.openedAt.toISOString(),
    custom_details: said(scene, link),
  };
  const event = { routing_key: pager.secret, event_action: action, dedup_key: scene.id };
  const rest =
    action === 'trigger' ? { payload, ...(link ? { links: [{ href: link, text: 'I have it' }] } : {}) } : {};
  return { url: pager.url, headers: json, body: JSON.stringify({ ...event, ...rest }) };
}

// docs.opsgenie.com, Alert API.
function toOpsgenie({ pager, scene, what, link }: Sending): PagerCall {
  const headers = { ...json, authorization: `GenieKey ${pager.secret}` };
  const base = pager.url.replace(/\/+$/, '');
  if (what === 'over') {
    const verb = scene.state === 'acknowledged' ? 'acknowledge' : 'close';
    const url = `${base}/${encodeURIComponent(scene.id)}/${verb}?identifierType=alias`;
    return { url, headers, body: JSON.stringify({ source: 'andon', user: scene.answeredBy ?? 'andon' }) };
  }
  const { page: _page, ...details } = said(scene, link);
  return {
    url: base,
    headers,
    body: JSON.stringify({
      message: shorten(summaryOf(scene), opsgenieMax),
      alias: scene.id,
      description: `${summaryOf(scene)}\nI have it: ${link ?? `/incident ack ${pageKey(scene)} in Slack`}`,
      source: 'andon',
      priority: 'P1',
      details: Object.fromEntries(
        Object.entries(details).flatMap(([name, value]) =>
          typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
        ),
      ),
    }),
  };
}

function summaryOf(scene: PageScene): string {
  const incident = scene.incident ? incidentKey(scene.incident) : null;
  return oneLine([pageKey(scene), incident, scene.severity, scene.words].filter(Boolean).join(' '));
}

function targetOf({ target: { kind, name } }: PageScene): string {
  return kind === 'default' ? kind : `${kind} ${name}`;
}

// Of a private incident no title, no reason, and nobody's name.
function said(scene: PageScene, link: string | null) {
  const hidden = scene.incident?.private === true;
  return {
    page: { id: scene.id, number: scene.number, key: pageKey(scene), state: scene.state },
    incident: scene.incident?.number ?? null,
    private: hidden,
    severity: scene.severity,
    summary: scene.words,
    reason: scene.reason,
    target: hidden ? null : targetOf(scene),
    cause: hidden ? null : scene.cause.kind,
    openedBy: hidden ? null : scene.openedBy,
    openedAt: scene.openedAt.toISOString(),
    level: scene.attempt.level + 1,
    round: scene.attempt.round + 1,
    answeredBy: hidden ? null : scene.answeredBy,
    acknowledgeUrl: link,
  };
}
