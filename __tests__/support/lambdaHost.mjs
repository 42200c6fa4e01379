// Runs a bundle's function in a process of its own, as Lambda's runtime does: imports it, then
// answers each event. Started by runBundle.ts.
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(process.argv[2]).href);
process.on('message', ({ id, event }) => {
  // Tried again, an event keeps the number of its request.
  handler(event, { awsRequestId: event?.requestId ?? `request-${id}` }).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: { name: error.name, message: error.message } }),
  );
});
process.send('ready');
