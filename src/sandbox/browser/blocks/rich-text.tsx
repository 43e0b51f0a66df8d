// Rich text, and mrkdwn read as such: lines, lists, quotes, code.
import { Fragment, memo, type ReactNode } from 'react';
import type { Json } from '../../page/contract.js';
import { Leaves } from './inline.js';
import { isObject, numbered, text } from './json.js';
import { readMrkdwn } from './mrkdwn.js';

export function RichText({ elements }: { elements: unknown }): ReactNode {
  return (
    <div className="bk-rich">
      {numbered(elements).map(({ key, item }) => (
        <Part key={key} part={item} />
      ))}
    </div>
  );
}

/** Words with Slack's marks. Read again only when the words change. */
export const Mrkdwn = memo(function Mrkdwn({ words }: { words: string }): ReactNode {
  return <RichText elements={readMrkdwn(words)} />;
});

/** The same within a line: for options, checkboxes and the like. */
export function InlineMrkdwn({ words }: { words: string }): ReactNode {
  return numbered(readMrkdwn(words)).map(({ key, item }) => (
    <Fragment key={key}>
      <Leaves elements={item.elements} />
    </Fragment>
  ));
}

function Part({ part }: { part: Json }): ReactNode {
  const leaves = <Leaves elements={part.elements} />;
  switch (part.type) {
    case 'rich_text_section':
      return <div className="bk-lines">{leaves}</div>;
    case 'rich_text_quote':
      return <blockquote className="bk-quote">{leaves}</blockquote>;
    case 'rich_text_preformatted':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <pre className="bk-pre" tabIndex={0}>
          <code>{leaves}</code>
        </pre>
      );
    case 'rich_text_list':
      return <List part={part} />;
    default:
      return <p className="bk-unknown">{`${text(part.type) || 'This part'} is not drawn here.`}</p>;
  }
}

const ORDERED = ['1', 'a', 'i'] as const;
const BULLETS = ['disc', 'circle', 'square'] as const;

function List({ part }: { part: Json }): ReactNode {
  const indent = typeof part.indent === 'number' ? part.indent : 0;
  const items = numbered(part.elements).map(({ key, item }) => (
    <li key={key}>
      <Leaves elements={item.elements} />
    </li>
  ));
  const margin = { marginInlineStart: `${indent * 1.6}rem` };
  const border = part.border === 1 ? ' bk-bordered' : '';
  if (part.style === 'ordered') {
    const offset = typeof part.offset === 'number' ? part.offset : 0;
    return (
      <ol className={`bk-list${border}`} start={offset + 1} type={ORDERED[indent % 3] ?? '1'} style={margin}>
        {items}
      </ol>
    );
  }
  return (
    <ul className={`bk-list${border}`} style={{ ...margin, listStyleType: BULLETS[indent % 3] ?? 'disc' }}>
      {items}
    </ul>
  );
}

/** A rich_text block or cell, whatever was sent for it. */
export function RichTextBlock({ block }: { block: unknown }): ReactNode {
  return isObject(block) ? <RichText elements={block.elements} /> : null;
}
