// Puts the page of the local workspace into the document.
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './styles/page.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
