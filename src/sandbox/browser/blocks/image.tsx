// Pictures: those of this workspace are drawn, others are named and linked.
import type { ReactNode } from 'react';
import type { Json } from '../../page/contract.js';
import { Link } from './inline.js';
import { isObject, text } from './json.js';
import { plainWords } from './text.js';
import { useViewer, type Viewer } from './viewer.js';

/** Where a picture's bytes come from: this page's own server, or the words themselves. Nothing is fetched from outside. */
function sourceOf(viewer: Viewer, url: string, file: unknown): string | undefined {
  if (isObject(file) && file.id) return viewer.fileUrl?.(text(file.id));
  return /^(?:data:image\/|\/(?!\/))/i.test(url) ? url : undefined;
}

export function Picture(props: { url: string; alt: string; file?: unknown; small?: boolean }): ReactNode {
  const viewer = useViewer();
  const source = sourceOf(viewer, props.url, props.file);
  if (source) return <img className={props.small ? 'bk-icon' : 'bk-image'} src={source} alt={props.alt} />;
  if (props.small) return <span className="bk-icon-words">[{props.alt}]</span>;
  const goal = props.url || (isObject(props.file) ? text(props.file.url) : '');
  return (
    <span className="bk-image-away">
      <span>Picture: {props.alt || 'without a description'}</span>
      {goal && <Link url={goal}>Open it</Link>}
      <span className="bk-quiet">The local workspace loads no pictures from outside.</span>
    </span>
  );
}

export function ImageBlock({ block }: { block: Json }): ReactNode {
  const title = plainWords(block.title);
  return (
    <figure className="bk-figure">
      {title && <figcaption>{title}</figcaption>}
      <Picture url={text(block.image_url)} alt={text(block.alt_text)} file={block.slack_file} />
    </figure>
  );
}
