// The page behind the link that every page carries: it shows what may be shown, and its button says "I have it".

import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Ask } from '../core/command.js';
import { plainMessage } from '../core/message.js';
import { escapeHtml } from '../core/text.js';
import { showBoth } from '../core/time/index.js';
import { execute } from '../execute.js';
import { answerLink, type Linked, readLink } from '../features/paging/index.js';
import { bounded } from './bounded.js';
import type { ApiEnv, ApiParts } from './request.js';

/** A form without fields. */
const bodyLimitBytes = 4 * 1024;
const path = '/pages/:token';

interface Found {
  readonly attemptId: string;
  readonly linked: Linked;
  readonly zone: string;
  readonly workspace: Ask['workspace'];
}

/**
 * Adds the page. To look at it acknowledges nothing: scanners of mail and previews of chats follow every link, and only
 * a person presses a button.
 */
export function addPages(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  app.get(path, async (context) => {
    const found = await find(parts, context.req.param('token'));
    if (!found) return answer(context, 404, unknownPage());
    return answer(context, found.linked.state === 'withdrawn' ? 410 : 200, shown(found));
  });
  app.post(path, bounded(bodyLimitBytes), async (context) => {
    const found = await find(parts, context.req.param('token'));
    if (!found) return answer(context, 404, unknownPage());
    const { attemptId, linked, workspace } = found;
    const outcome = await execute(
      parts.kernel,
      answerLink.given({ attemptId }),
      askOf(parts, linked, workspace),
    );
    if (!outcome.accepted) return answer(context, 404, unknownPage());
    const now = await find(parts, context.req.param('token'));
    const state = now?.linked.state;
    const words = [plainMessage(outcome.reply)];
    return answer(context, state === 'withdrawn' ? 410 : 200, html(linked.key, words, null));
  });
}

async function find(parts: ApiParts, token: string): Promise<Found | null> {
  const attemptId = parts.links.attemptIn(token);
  if (attemptId === null) return null;
  const { read } = parts.kernel.db;
  const linked = await readLink(read, attemptId);
  const row = linked && (await read.workspace.findUnique({ where: { id: linked.workspaceId } }));
  if (!linked || !row) return null;
  const workspace = { id: row.id, zone: row.zone, locale: row.locale };
  return { attemptId, linked, zone: row.zone, workspace };
}

// Whoever has the link was called, and answers under the name that was called.
function askOf(parts: ApiParts, { to }: Linked, workspace: Ask['workspace']): Ask {
  return {
    requestId: `link/${randomUUID()}`,
    workspace,
    actor: { kind: 'person', id: to.id, name: to.name, zone: null },
    now: parts.now(),
    newId: randomUUID,
    source: 'api',
    channelId: null,
    threadTs: null,
    respondUrl: null,
  };
}

function shown({ linked, zone }: Found): string {
  const { key, state, incident, reason, to, answered, openedAt, target, withdrawn } = linked;
  const why = withdrawn ? `: ${withdrawn}` : '.';
  const words = [
    `Calls ${target}, since ${showBoth(openedAt, zone)}.`,
    ...(incident ? [incident] : []),
    ...(reason ? [reason] : []),
  ];
  if (state === 'withdrawn')
    return html(key, [...words, `It was withdrawn${why}`, 'Nothing is left to do.'], null);
  if (state === 'acknowledged' && answered)
    return html(key, [...words, `${answered.name} has it since ${showBoth(answered.at, zone)}.`], null);
  return html(key, [...words, `You are called as ${to.name}.`], 'I have it');
}

function unknownPage(): string {
  return html(
    'No such page',
    ['This link leads to no page of ours, or is damaged. /incident pages in Slack shows those that ring.'],
    null,
  );
}

function answer(context: Context, status: 200 | 404 | 410, content: string): Response {
  return context.html(content, status, {
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    // The link itself says "I have it" for somebody: it goes to nobody else.
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
  });
}

const style =
  'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'p{overflow-wrap:anywhere}button{font:inherit;font-weight:600;padding:1rem 1.5rem;width:100%;border:0;border-radius:.5rem;background:#0b5;color:#000}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#111}}';

// Without an address the form goes to where it is.
function html(title: string, words: readonly string[], button: string | null): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${words.map((each) => `<p>${escapeHtml(each)}</p>`).join('\n')}
${button === null ? '' : `<form method="post"><button>${escapeHtml(button)}</button></form>`}
</main></body></html>
`;
}
