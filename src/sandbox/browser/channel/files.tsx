// The files of a message: pictures are drawn, text is read here, everything else is saved.
import { useEffect, useState } from 'react';
import type { FileCard } from '../../page/contract.js';
import { Dialog } from './dialog.js';

/** Draws the files that hang on a message. */
export function Files({ files }: { files: readonly FileCard[] }) {
  const [open, setOpen] = useState<FileCard | null>(null);
  return (
    <div className="files">
      {files.map((file) => (
        <FileEntry key={file.id} file={file} onOpen={() => setOpen(file)} />
      ))}
      {open && <FileViewer file={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function FileEntry({ file, onOpen }: { file: FileCard; onOpen: () => void }) {
  if (file.shows === 'image')
    return (
      <button type="button" className="file picture" onClick={onOpen} aria-label={`Open ${file.name}`}>
        <img src={file.url} alt={file.alt || file.title || file.name} loading="lazy" />
      </button>
    );
  return (
    <div className="file">
      <span aria-hidden="true">📄</span>
      <span className="file-name">
        <b>{file.title || file.name}</b>
        <small>
          <bdi>{file.name}</bdi>, {sizeOf(file.size)}
        </small>
      </span>
      {file.shows === 'text' && (
        <button type="button" onClick={onOpen} aria-label={`Read ${file.name}`}>
          Read
        </button>
      )}
      <a className="button" href={file.url} download={file.name} aria-label={`Save ${file.name}`}>
        Save
      </a>
    </div>
  );
}

/** A file in a dialog: as text or as a picture, never as a page of its own. */
function FileViewer({ file, onClose }: { file: FileCard; onClose: () => void }) {
  return (
    <Dialog title={file.title || file.name} wide onClose={onClose}>
      {file.shows === 'image' ? (
        <img className="viewed" src={file.url} alt={file.alt || file.title || file.name} />
      ) : (
        <FileText url={file.url} />
      )}
    </Dialog>
  );
}

function FileText({ url }: { url: string }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    const show = (read: string) => {
      if (isWanted) setText(read);
    };
    fetch(url)
      .then((answer) => (answer.ok ? answer.text() : 'This file cannot be read any more.'))
      .then(show, () => show('The local workspace does not answer. Close this and try again.'));
    return () => {
      isWanted = false;
    };
  }, [url]);
  if (text === null) return <p role="status">Reading …</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled with the keyboard
    <pre className="file-text" tabIndex={0}>
      {text}
    </pre>
  );
}

/** `1.2 kB`, as people read sizes. */
function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
