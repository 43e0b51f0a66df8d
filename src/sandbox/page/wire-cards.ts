// What passed between the workspace and the app, as the panel shows it: secrets masked, long ones cut.
import type { Passage } from '../traffic.js';
import type { Json } from '../types.js';
import type { WireCard } from './contract.js';
import { meaningOf } from './meanings.js';

const SHOWN_BYTES_MAX = 20_000;

/** Fields by which one could speak for the app. */
const SECRET = /^(token|bot_token|app_token|upload_url|signing_secret)$/;

/** Cards of what is over and will not change: a page that opens wants a thousand. */
const finished = new WeakMap<Passage, WireCard>();

export function wireCard(passage: Passage): WireCard {
  const known = finished.get(passage);
  if (known) return known;
  const card = drawCard(passage);
  if (passage.state !== 'waiting') finished.set(passage, card);
  return card;
}

function drawCard(passage: Passage): WireCard {
  const { retryAfter: _, sent, answer, ...rest } = passage;
  const meaning = meaningOf(passage);
  return {
    ...rest,
    ...(meaning ? { meaning } : {}),
    sent: shown(sent) as Json,
    ...(answer === undefined ? {} : { answer: shown(answer) }),
  };
}

function shown(given: unknown): unknown {
  const json = JSON.stringify(given, mask) ?? 'null';
  if (json.length <= SHOWN_BYTES_MAX) return JSON.parse(json);
  return {
    note: `Only the first ${SHOWN_BYTES_MAX} of ${json.length} characters are shown.`,
    begins: json.slice(0, SHOWN_BYTES_MAX),
  };
}

function mask(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (SECRET.test(key)) return '(masked)';
  return value.replace(/([?&]ticket=)[^&]+/, '$1(masked)');
}
