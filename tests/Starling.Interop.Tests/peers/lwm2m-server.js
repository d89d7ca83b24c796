// A server made with lwm2m-node-lib: node lwm2m-server.js PORT
// Says what happens on standard output, one line each; takes on standard input: read|write|execute|observe|discover URI [VALUE], for the last device.
'use strict';
const port = Number(process.argv[2]);
const server = require('lwm2m-node-lib').server;
const say = (...words) => console.log(words.join(' '));
const report = (what) => (error, result) => say(error ? `error ${what} ${error.name}: ${error.message}` : `${what} ${result === undefined ? '' : result}`);
const format = (name, value) => ({ name, value });
let last;

server.start({
  port, lifetimeCheckInterval: 1000, udpWindow: 100, defaultType: 'Device', types: [], logLevel: 'FATAL', ipProtocol: 'udp4', serverProtocol: 'udp4',
  formats: [format('application-vnd-oma-lwm2m/text', 1541), format('application-vnd-oma-lwm2m/tlv', 1542)],
  writeFormat: 'text/plain', defaultAcceptFormat: 'text/plain',
}, (error, info) => {
  if (error) return say('error start', error.name, error.message);
  server.setHandler(info, 'registration', (endpoint, lifetime, version, binding, payload, done) => {
    say('registered', endpoint, lifetime, version, binding, payload);
    server.getDevice(endpoint, (failure, device) => { last = device; });
    done();
  });
  server.setHandler(info, 'updateRegistration', (device, payload, done) => {
    say('updated', device.name);
    done();
  });
  server.setHandler(info, 'unregistration', (device, done) => {
    say('unregistered', device.name);
    done();
  });
  say('listening');
});

require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, uri, ...rest] = line.split(' ');
  const ids = uri.split('/').slice(1);
  const value = rest.join(' ');
  server.getDevice(last.name, (error, device) => {
    if (error) return say('error', error.name);
    if (verb === 'read') server.read(device.id, ...ids, report('read'));
    else if (verb === 'write') server.write(device.id, ...ids, value, report('write'));
    else if (verb === 'execute') server.execute(device.id, ...ids, value, report('execute'));
    else if (verb === 'attributes') server.writeAttributes(device.id, ...ids, JSON.parse(value), report('attributes'));
    else if (verb === 'discover') server.discover(device.id, ...ids, report('discover'));
    else if (verb === 'observe') server.observe(device.id, ...ids, (data) => say('notified', data), report('observe'));
  });
}).on('close', () => process.exit(0));
