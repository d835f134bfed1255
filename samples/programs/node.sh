# An HTTP server with a client of its own, and worker threads.
# needs: node
cat > work.js <<'END'
const http = require('http'), { Worker, isMainThread, parentPort, workerData } = require('worker_threads'), { execFile } = require('child_process');
if (!isMainThread) {
    let sum = 0;
    for (let i = 0; i < 1e5; i++) sum += i % (workerData + 2);
    parentPort.postMessage(sum);
} else {
    const server = http.createServer((request, response) => {
        let body = '';
        request.on('data', part => body += part).on('end', () => response.end(`${request.method} ${request.url} ${body.length}`));
    });
    server.listen('server.sock', async () => {
        const ask = i => new Promise((resolve, reject) => {
            const request = http.request({ socketPath: 'server.sock', path: `/${i}`, method: 'POST' }, response => {
                let text = '';
                response.on('data', part => text += part).on('end', () => resolve(text));
            });
            request.on('error', reject).end('x'.repeat(i * 1000));
        });
        console.log(await Promise.all([...Array(20).keys()].map(ask)));
        const workers = [...Array(3).keys()].map(i => new Promise((resolve, reject) => new Worker(__filename, { workerData: i }).on('message', resolve).on('error', reject)));
        console.log(await Promise.all(workers));
        execFile('/bin/echo', ['child'], (error, out) => { console.log(error, out); server.close(() => console.log('closed')); });
    });
}
END
node work.js
