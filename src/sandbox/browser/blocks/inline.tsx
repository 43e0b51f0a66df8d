// The smallest parts of rich text: words, links, mentions, emoji, dates.
import { type ReactNode, useEffect, useState } from 'react';
import type { Json } from '../../page/contract.js';
import { formatDate, fullTime, isMoving } from '../time.js';
import { emojiOf } from './emoji.js';
import { isObject, numbered, text } from './json.js';
import { isInside, otherHost, safeHref } from './links.js';
import { nameOf, useViewer, type Viewer } from './viewer.js';

const REFRESH_MS = 30_000;

export function Leaves({ elements }: { elements: unknown }): ReactNode {
  return numbered(elements).map(({ key, item }) => <Leaf key={key} leaf={item} />);
}

function Leaf({ leaf }: { leaf: Json }): ReactNode {
  const style = isObject(leaf.style) ? leaf.style : {};
  return styled(style, <Bare leaf={leaf} />);
}

function styled(style: Json, inner: ReactNode): ReactNode {
  let drawn = inner;
  if (style.code === true) drawn = <code className="bk-code">{drawn}</code>;
  if (style.underline === true) drawn = <u>{drawn}</u>;
  if (style.highlight === true || style.client_highlight === true) drawn = <mark>{drawn}</mark>;
  if (style.strike === true) drawn = <del>{drawn}</del>;
  if (style.italic === true) drawn = <em>{drawn}</em>;
  if (style.bold === true) drawn = <strong>{drawn}</strong>;
  return drawn;
}

function Bare({ leaf }: { leaf: Json }): ReactNode {
  const viewer = useViewer();
  switch (leaf.type) {
    case 'text':
      return text(leaf.text);
    case 'link':
      return <Link url={text(leaf.url)}>{text(leaf.text)}</Link>;
    case 'user':
      return <Person id={text(leaf.user_id)} label={text(leaf.label)} />;
    case 'channel':
      return <Channel id={text(leaf.channel_id)} label={text(leaf.label)} />;
    case 'usergroup':
      return <span className="bk-mention">{groupName(viewer, leaf)}</span>;
    case 'broadcast':
      return <span className="bk-mention bk-mention-me">@{text(leaf.range)}</span>;
    case 'emoji':
      return <Emoji leaf={leaf} />;
    case 'date':
      return <DateLeaf leaf={leaf} />;
    case 'color':
      return <Colour value={text(leaf.value)} />;
    case 'team':
      return <span className="bk-mention">@{text(leaf.team_id)}</span>;
    default:
      return <span className="bk-unknown">{`[${text(leaf.type) || 'part'} is not drawn here]`}</span>;
  }
}

/** A link that shows where it goes; into this workspace it opens in the page. */
export function Link({ url, children }: { url: string; children?: ReactNode }): ReactNode {
  const viewer = useViewer();
  const href = safeHref(url);
  const label = children || url;
  if (!href) {
    const scheme = /^[^:/?#]*:/.exec(url)?.[0] ?? 'this address';
    return (
      <span className="bk-unknown">
        {label} (not a link: {scheme} is not opened)
      </span>
    );
  }
  const inside = isInside(href, viewer.workspaceUrl ?? '');
  const other = typeof label === 'string' ? otherHost(label, href) : undefined;
  return (
    <>
      <a
        className="bk-link"
        href={href}
        title={href}
        {...(inside ? {} : { target: '_blank', rel: 'noopener noreferrer' })}
      >
        {label}
      </a>
      {other && <span className="bk-goes-to"> (goes to {other})</span>}
    </>
  );
}

function Person({ id, label }: { id: string; label: string }): ReactNode {
  const viewer = useViewer();
  const person = viewer.people.find((one) => one.id === id);
  const own = id === viewer.me ? ' bk-mention-me' : '';
  return (
    <span className={`bk-mention${own}`} title={person ? `@${person.name}` : id}>
      @{(nameOf(viewer, id) ?? label) || id}
    </span>
  );
}

function Channel({ id, label }: { id: string; label: string }): ReactNode {
  const { channels, onChannel } = useViewer();
  const channel = channels.find((one) => one.id === id);
  if (!channel) return <span className="bk-mention">{label ? `#${label}` : 'a private channel'}</span>;
  const words = `#${channel.name}`;
  if (!onChannel) return <span className="bk-mention">{words}</span>;
  return (
    <button type="button" className="bk-mention bk-mention-channel" onClick={() => onChannel(id)}>
      {words}
    </button>
  );
}

function groupName(viewer: Viewer, leaf: Json): string {
  const group = viewer.usergroups.find((one) => one.id === leaf.usergroup_id);
  const words = (group?.handle ?? text(leaf.label)) || text(leaf.usergroup_id);
  return words.startsWith('@') ? words : `@${words}`;
}

function Emoji({ leaf }: { leaf: Json }): ReactNode {
  const name = text(leaf.name);
  const drawn = emojiOf(name, typeof leaf.skin_tone === 'number' ? leaf.skin_tone : undefined);
  if (!drawn) return `:${name}:`;
  return (
    <span role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {drawn}
    </span>
  );
}

function DateLeaf({ leaf }: { leaf: Json }): ReactNode {
  const viewer = useViewer();
  const format = text(leaf.format);
  const now = useNow(isMoving(format), viewer.now);
  const seconds = Number(leaf.timestamp);
  const words = formatDate(seconds, format, text(leaf.fallback), viewer.zone, now);
  const full = fullTime(seconds, viewer.zone);
  if (!full) return words;
  const time = (
    <time dateTime={new Date(seconds * 1000).toISOString()} title={full}>
      {words}
    </time>
  );
  return leaf.url ? <Link url={text(leaf.url)}>{time}</Link> : time;
}

/** The time now; again every half minute where words depend on it. */
function useNow(moves: boolean, clock: () => number = Date.now): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(() => setNow(clock()), REFRESH_MS);
    return () => clearInterval(timer);
  }, [moves, clock]);
  return now;
}

function Colour({ value }: { value: string }): ReactNode {
  const known = /^#[0-9a-f]{3,8}$/i.test(value);
  return (
    <span className="bk-colour">
      {known && <span className="bk-colour-patch" style={{ backgroundColor: value }} />}
      {value}
    </span>
  );
}
