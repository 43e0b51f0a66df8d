// One wire card: a line, and under it, when opened, what was sent and answered.
import { useId, useState } from 'react';
import type { WireCard } from '../../page/contract.js';
import { shownJson } from './masked.js';
import { clockOf, directionOf, instantOf, stateOf, summaryOf, tookOf } from './read.js';

interface WireRowProps {
  card: WireCard;
  zone?: string | undefined;
  app: string;
  isOpen: boolean;
  /** The one that Tab reaches. */
  isActive: boolean;
  onToggle: (number: number) => void;
  onGoTo: (number: number) => void;
}

export function WireRow({ card, zone, app, isOpen, isActive, onToggle, onGoTo }: WireRowProps) {
  const id = useId();
  const summary = summaryOf(card);
  return (
    <>
      <button
        type="button"
        className={`wire-row wire-${card.state}`}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        tabIndex={isActive ? 0 : -1}
        onClick={() => onToggle(card.number)}
      >
        <time dateTime={new Date(card.at).toISOString()} title={instantOf(card.at, zone)}>
          {clockOf(card.at, zone)}
        </time>{' '}
        <span className="wire-direction">{directionOf(card, app)}</span>{' '}
        <span className="wire-took">{tookOf(card)}</span> <strong className="wire-name">{card.name}</strong>{' '}
        <span className="wire-summary">{summary}</span> <span className="wire-state">{stateOf(card)}</span>
      </button>
      {isOpen && (
        <div className="wire-open" id={id}>
          <WireDetail card={card} onGoTo={onGoTo} />
        </div>
      )}
    </>
  );
}

interface WireDetailProps {
  card: WireCard;
  onGoTo: (number: number) => void;
}

function WireDetail({ card, onGoTo }: WireDetailProps) {
  const { repeats } = card;
  return (
    <>
      {card.state === 'refused' && (
        <p className="wire-meaning">
          <strong>refused{card.error ? `: ${card.error}` : ''}.</strong> {card.meaning}
        </p>
      )}
      <p className="wire-facts">{factsOf(card).join(' · ')}</p>
      {repeats !== undefined && (
        <p>
          <button type="button" className="wire-link" onClick={() => onGoTo(repeats)}>
            Says again what request {repeats} said. Go to it
          </button>
        </p>
      )}
      <Json title={card.direction === 'to-app' ? 'Sent by Slack' : 'Sent to Slack'} value={card.sent} />
      {card.state !== 'waiting' && (
        <Json
          title={card.direction === 'to-app' ? 'Acknowledged with' : 'Slack answered'}
          value={card.answer}
        />
      )}
    </>
  );
}

const WAYS = { http: 'over HTTP', socket: 'over Socket Mode', none: 'not delivered' } as const;

function factsOf(card: WireCard): string[] {
  return [
    `request ${card.number}`,
    card.kind.replace('_', ' '),
    WAYS[card.via],
    ...(card.status === undefined ? [] : [card.status === 0 ? 'no answer' : `status ${card.status}`]),
    ...(card.latencyMs === undefined ? [] : [`${Math.round(card.latencyMs)} ms`]),
    ...(card.retry ? [`attempt ${card.retry + 1}`] : []),
  ];
}

function Json({ title, value }: { title: string; value: unknown }) {
  const [copied, setCopied] = useState(false);
  const text = shownJson(value);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  return (
    <section className="wire-json" aria-label={title}>
      <h3>
        {title}{' '}
        <button type="button" className="wire-link" onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </section>
  );
}
