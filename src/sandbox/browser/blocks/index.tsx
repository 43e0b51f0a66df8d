// Block Kit as Slack draws it.
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import type { Json } from '../../page/contract.js';
import { type Acting, ActingContext, useActing } from './acting.js';
import { ImageBlock } from './image.js';
import { Link } from './inline.js';
import { isObject, numbered, objects, text } from './json.js';
import { Mrkdwn, RichText } from './rich-text.js';
import { Actions, Context, Input, Section } from './section.js';
import { Table } from './table.js';
import { plainWords, TextBlock } from './text.js';
import { NotDrawn } from './unknown.js';
import { type Viewer, ViewerContext } from './viewer.js';
import '../styles/blocks.css';

export type { Acting, BlockAction, BlockInput } from './acting.js';
export type { Viewer } from './viewer.js';

// Few messages have Markdown, and its reader is larger than all of this page's blocks.
const Markdown = lazy(() => import('./markdown.js'));

export interface BlocksProps extends Acting {
  blocks: readonly Json[];
  /** Drawn as mrkdwn where there are no blocks. */
  text?: string;
  viewer: Viewer;
}

/** A message's or view's blocks, or its text where it has none. */
export function Blocks(props: BlocksProps): ReactNode {
  const { blocks, viewer, onAction, state, typed, errors, onInput, onSuggest } = props;
  const acting = useMemo(
    () => ({ onAction, state, typed, errors, onInput, onSuggest }),
    [onAction, state, typed, errors, onInput, onSuggest],
  );
  return (
    <ViewerContext value={viewer}>
      <ActingContext value={acting}>
        <div className="bk">
          {blocks.length > 0 ? <BlockList blocks={blocks} /> : <Mrkdwn words={props.text ?? ''} />}
        </div>
      </ActingContext>
    </ViewerContext>
  );
}

function BlockList({ blocks }: { blocks: readonly Json[] }): ReactNode {
  const inView = useActing().onInput !== undefined;
  return numbered(blocks).map(({ key, item }) => (
    <BlockOf key={inView ? keyInView(item, key) : keyInMessage(item, key)} block={item} />
  ));
}

/** What was typed into a view stays while block_id and action_ids stay. */
function keyInView(block: Json, place: string): string {
  const inner = [block.element, block.accessory, ...objects(block.elements)] as (Json | undefined)[];
  const actions = inner.map((one) => `${text(one?.action_id)}:${text(one?.type)}`).join(' ');
  return `${text(block.block_id) || place} ${text(block.type)} ${actions}`;
}

/** In a message what the app sent last counts, so a block with fields begins anew when it is another. */
function keyInMessage(block: Json, place: string): string {
  const inner = [block.element, block.accessory, ...objects(block.elements)];
  const holds = inner.some((one) => isObject(one) && one.action_id !== undefined);
  return holds ? `${place} ${JSON.stringify(block)}` : place;
}

function BlockOf({ block }: { block: Json }): ReactNode {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <h2 className="bk-header">{plainWords(block.text)}</h2>;
    case 'divider':
      return <hr className="bk-divider" />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
    case 'context_actions':
      return <Actions block={block} />;
    case 'input':
      return <Input block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'rich_text':
      return <RichText elements={block.elements} />;
    case 'table':
    case 'data_table':
      return <Table block={block} />;
    case 'markdown':
      return (
        <Suspense fallback={<p className="bk-lines">{text(block.text)}</p>}>
          <Markdown words={text(block.text)} />
        </Suspense>
      );
    case 'file':
      return <p className="bk-file">File: {text(block.external_id)}</p>;
    case 'alert':
      return <Alert block={block} />;
    case 'video':
      return <Video block={block} />;
    default:
      return <NotDrawn kind="block" json={block} />;
  }
}

const ALERT_WORDS: Readonly<Record<string, string>> = {
  warning: 'Warning',
  error: 'Error',
  success: 'Done',
  info: 'Note',
};

function Alert({ block }: { block: Json }): ReactNode {
  const level = text(block.level);
  return (
    <div className="bk-alert">
      {ALERT_WORDS[level] && <strong>{ALERT_WORDS[level]}: </strong>}
      <TextBlock of={block.text} />
    </div>
  );
}

function Video({ block }: { block: Json }): ReactNode {
  return (
    <p className="bk-file">
      Video: <Link url={text(block.title_url) || text(block.video_url)}>{plainWords(block.title)}</Link>{' '}
      {plainWords(block.description)}
    </p>
  );
}

/** Attachments, the older form beside blocks: their blocks, or the words of the old fields. */
export function Attachments(
  props: Omit<BlocksProps, 'blocks' | 'text'> & { attachments: readonly Json[] },
): ReactNode {
  const { attachments, ...rest } = props;
  return numbered(attachments).map(({ key, item: one }) => {
    const colour = /^#?[0-9a-f]{6}$/i.test(text(one.color))
      ? `#${text(one.color).replace('#', '')}`
      : undefined;
    const words = [one.pretext, titleOf(one), one.text].map(text).filter((part) => part !== '');
    return (
      <div
        key={key}
        className="bk-attachment"
        style={colour ? { borderInlineStartColor: colour } : undefined}
      >
        <Blocks {...rest} blocks={objects(one.blocks)} text={words.join('\n') || text(one.fallback)} />
      </div>
    );
  });
}

function titleOf(attachment: Json): string {
  const title = text(attachment.title);
  const link = text(attachment.title_link);
  if (!title) return '';
  return link ? `*<${link}|${title}>*` : `*${title}*`;
}
