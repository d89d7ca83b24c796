// Resources with npm's coap: node coap-server.js PORT
// GET /hello; GET /large (5000 bytes, in blocks); PUT /length answers the length of the body; GET /count is observable and counts a line of standard input each.
'use strict';
const coap = require('coap');
const port = Number(process.argv[2]);
const observers = new Set();
let count = 0;

coap.createServer((request, response) => {
  const path = request.url.split('?')[0];
  if (path === '/hello') {
    response.end('Hello');
  } else if (path === '/large') {
    response.end(Buffer.alloc(5000, 'x'));
  } else if (path === '/length') {
    response.code = '2.04';
    response.end(String(request.payload.length));
  } else if (path === '/count') {
    if (request.headers.Observe === 0) {
      observers.add(response);
      response.on('finish', () => { observers.delete(response); console.log('finished'); });
      response.write(String(count));
    } else {
      response.end(String(count));
    }
  } else {
    response.code = '4.04';
    response.end();
  }
}).listen(port, '127.0.0.1', () => console.log('listening'));

require('readline').createInterface({ input: process.stdin }).on('line', () => {
  count++;
  observers.forEach((observer) => observer.write(String(count)));
}).on('close', () => process.exit(0));
