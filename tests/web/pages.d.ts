// What the pages' scripts find beside the browser's own.
interface Window { hangat: any; }
