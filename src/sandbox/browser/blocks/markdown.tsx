// Markdown blocks, by react-markdown: raw HTML stays words, links are those of the rest of the page.
import type { ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Picture } from './image.js';
import { Link } from './inline.js';

const COMPONENTS: Components = {
  a: ({ href, children }) => <Link url={href ?? ''}>{children}</Link>,
  img: ({ src, alt }) => <Picture url={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  // The page or dialog around has the first heading.
  h1: ({ children }) => <h2>{children}</h2>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <figure className="bk-scroll" aria-label="Table" tabIndex={0}>
      <table className="bk-table">{children}</table>
    </figure>
  ),
};

/** Standard Markdown, as Slack takes it in a block of its own. Addresses are judged by `Link`, not before. */
export default function Markdown({ words }: { words: string }): ReactNode {
  return (
    <div className="bk-markdown">
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS} urlTransform={(url) => url}>
        {words}
      </ReactMarkdown>
    </div>
  );
}
