# TLS: a certificate of its own, a server with threads, clients that check it, one that must refuse it.
# needs: python3 openssl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2> /dev/null
openssl x509 -in cert.pem -noout -subject -ext subjectAltName
cat > work.py <<'END'
import hashlib, http.server, socket, ssl, threading, urllib.request

class Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = hashlib.sha256(self.path.encode()).hexdigest().encode() * 1000
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        data = self.rfile.read(int(self.headers['Content-Length']))
        body = hashlib.sha256(data).hexdigest().encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, address):
        pass

server = Server(('127.0.0.1', 0), Echo)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = server.server_address[1]

trusting = ssl.create_default_context(cafile='cert.pem')
def get(i):
    with urllib.request.urlopen(f'https://localhost:{port}/{i}', context=trusting) as response:
        return hashlib.sha256(response.read()).hexdigest()[:8]
results = {}
threads = [threading.Thread(target=lambda i=i: results.update({i: get(i)})) for i in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print('get', [results[i] for i in range(8)])
with urllib.request.urlopen(f'https://127.0.0.1:{port}/', data=bytes(range(256)) * 8192, context=trusting) as response:
    print('post', response.read().decode())
for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    trusting.minimum_version = trusting.maximum_version = version
    with trusting.wrap_socket(socket.create_connection(('127.0.0.1', port)), server_hostname='localhost') as client:
        print(client.version(), client.cipher()[2], client.getpeercert()['subject'])
try:
    urllib.request.urlopen(f'https://localhost:{port}/', context=ssl.create_default_context())
except urllib.error.URLError as error:
    print('refused', error.reason.verify_message)
server.shutdown()
END
python3 work.py
