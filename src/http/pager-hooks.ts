// The door for pagers: who acknowledges in PagerDuty's or Opsgenie's own app has the page, and nobody else is called.
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Ask } from '../core/command.js';
import { type BackKind, backKinds, productNames } from '../core/pager.js';
import type { TellingPager } from '../db/pager-back.js';
import { execute } from '../execute.js';
import { answerPager, pageAcknowledged, pageKey } from '../features/paging/index.js';
import { bounded } from './bounded.js';
import { readJson, readText } from './hooks/body.js';
import { describePagers, type PagerAnswer } from './hooks/describe-pagers.js';
import { type AnsweredThere, wordsOf } from './hooks/pager-words.js';
import { openedSecret, unproven } from './proof.js';
import type { ApiEnv, ApiParts } from './request.js';

/** PagerDuty drops what is larger than 256 kB. */
const bodyLimitBytes = 512 * 1024;
/** While a secret is changed there are two. */
const signaturesMax = 10;

/** Adds the routes of pagers. They are no hooks of `andon hook`: `andon pager back` makes them. */
export function addPagerHooks(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  describePagers(app);
  for (const kind of backKinds)
    app.post(`/hooks/${kind}/:id`, bounded(bodyLimitBytes), async (context) => {
      const text = await readText(context, ['application/json']);
      const found = await parts.pagers.find(kind, context.req.param('id'));
      const pager = proven(parts, kind, found, context, text);
      const words = wordsOf[kind](readJson(text));
      const told: PagerAnswer =
        'unused' in words ? { acknowledged: null, why: words.unused } : await answered(parts, pager, words);
      await parts.pagers
        .used(pager, parts.now())
        .catch((error: unknown) => parts.log.warn({ err: error }, 'pager use not kept'));
      return context.json(told, 200);
    });
}

// The work is the same whether there is such a pager, so that nobody learns which ids there are.
function proven(
  parts: ApiParts,
  kind: BackKind,
  found: TellingPager | null,
  context: Context<ApiEnv>,
  text: string,
): TellingPager {
  const secret = found ? secretOf(parts, found) : 'of nobody';
  const right = proofs[kind](context, secret, text);
  if (right === null) throw unproven(missing[kind]);
  if (!right || !found) throw unproven(wrong);
  return found;
}

type Proof = (context: Context<ApiEnv>, secret: string, text: string) => boolean | null;

// PagerDuty: developer.pagerduty.com/docs/webhooks, Verifying Signatures. Opsgenie signs nothing, and sends a header of ours.
const proofs: Readonly<Record<BackKind, Proof>> = {
  pagerduty(context, secret, text) {
    const header = context.req.header('x-pagerduty-signature');
    if (!header) return null;
    const right = createHmac('sha256', secret).update(text).digest();
    const given = header.split(',').slice(0, signaturesMax);
    return given.some((each) => {
      const [, hex] = /^v1=([0-9a-f]{64})$/i.exec(each.trim()) ?? [];
      return hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), right);
    });
  },
  opsgenie(context, secret) {
    const [, given] = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '') ?? [];
    return given === undefined ? null : timingSafeEqual(digestOf(given), digestOf(secret));
  },
};

const missing: Readonly<Record<BackKind, string>> = {
  pagerduty:
    'The header X-PagerDuty-Signature is missing: only webhooks of version 3 come here. Change events go to /v2/change/enqueue.',
  opsgenie:
    'The header Authorization: Bearer with the secret is missing: add it to the integration’s custom headers.',
};

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function secretOf(parts: ApiParts, pager: TellingPager): string {
  return openedSecret(
    () => parts.pagers.secretOf(pager),
    (error) => parts.log.error({ err: error, pager: pager.id }, 'what proves a pager cannot be opened'),
  );
}

const wrong =
  'The address or the secret is wrong, or the pager was revoked. `andon pager list` shows those that are heard; `andon pager back NAME` gives one a new secret.';

// Nothing of what the page is about is said: whoever reads the deliveries there may not know of it.
async function answered(parts: ApiParts, pager: TellingPager, words: AnsweredThere): Promise<PagerAnswer> {
  const { key, by, at, delivery } = words;
  const bound = answerPager.given({
    pageId: key,
    pager: pager.name,
    by,
    at,
    through: productNames[pager.kind],
  });
  const outcome = await execute(parts.kernel, bound, askOf(parts, pager, delivery));
  if (!outcome.accepted) {
    // Its account calls others than us.
    parts.log.info({ pager: pager.id }, 'a pager told of a call that is none of ours');
    return { acknowledged: null, why: 'It called for no page of ours under this key.' };
  }
  const fact = outcome.facts.find((each) => each.type === pageAcknowledged.type);
  return fact
    ? { acknowledged: pageKey(pageAcknowledged.read(fact).data), why: null }
    : { acknowledged: null, why: 'Nothing was left to acknowledge.' };
}

function askOf(parts: ApiParts, pager: TellingPager, delivery: string): Ask {
  return {
    // A delivery that comes again is the same request.
    requestId: `pager/${pager.id}/${digestOf(delivery).toString('hex').slice(0, 32)}`,
    workspace: pager.workspace,
    actor: { kind: 'pipeline', id: `pager:${pager.id}`, name: pager.name, zone: pager.workspace.zone },
    now: parts.now(),
    newId: randomUUID,
    source: 'pipeline',
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}
