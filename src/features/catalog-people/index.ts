// What a catalogue's file says beside services and places, the import of all of it, and the file that says it again.
export { importCatalog, importDry } from './import.js';
export { showWhole } from './show.js';
export { readPeople } from './store.js';
