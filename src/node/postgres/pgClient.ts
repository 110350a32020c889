// What speaks to servers, as a bundle of its own: nobody loads it who has no database on one.
export { Client } from 'pg';
export { to } from 'pg-copy-streams';
